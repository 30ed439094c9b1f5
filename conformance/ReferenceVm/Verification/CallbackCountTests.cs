using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Verification;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>
/// How often a callback is called back decides what it has counted, and that is used as an offset. Linux forgets the number of iterations
/// within the callback, and accepts what is refused here (seen on 6.18.44).
/// </summary>
public class CallbackCountTests
{
    private const int Runs = 200;
    private const byte Mark = 0xa5;

    // r7: how often at most; r9: something unknown.
    private const string Start = "r6 = r1\nr9 = *(u32 *)(r6 + 8)\n";
    private const string Loop = "r2 = func[body] ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall 181\n";
    private const string Count = "r1 = *(u64 *)(r2 + 0)\nr1 += 1\n*(u64 *)(r2 + 0) = r1\n";
    private const string Body = $"body:\n{Count}r0 = 0\nexit\n";

    /// <summary>The highest count, what leaves it in r8, and the subprograms.</summary>
    private static readonly Dictionary<string, (int Most, string Main, string Subprograms)> Shapes = new()
    {
        ["the few iterations walked first"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\nr1 = 9\nif r9 & 1 goto on\nr1 = 1\non:\n{Loop}r8 = *(u64 *)(r10 - 8)\n",
            Body
        ),
        ["the many iterations walked first"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\nr1 = 1\nif r9 & 1 goto on\nr1 = 9\non:\n{Loop}r8 = *(u64 *)(r10 - 8)\n",
            Body
        ),
        ["iterations spilled"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\n*(u32 *)(r10 - 16) = 9\nif r9 & 1 goto on\n*(u32 *)(r10 - 16) = 1\non:\nr1 = *(u32 *)(r10 - 16)\n{Loop}"
                + "r8 = *(u64 *)(r10 - 8)\n",
            Body
        ),
        ["the count of one round is the iterations of the next"] = (
            7,
            $"r7 = r9\nr7 &= 7\n*(u64 *)(r10 - 16) = 0\nround:\n*(u64 *)(r10 - 8) = 0\nr1 = r7\nr1 &= 7\n{Loop}r7 = *(u64 *)(r10 - 8)\n"
                + "r5 = *(u64 *)(r10 - 16)\nr5 += 1\n*(u64 *)(r10 - 16) = r5\nif r5 < 2 goto round\nr8 = r7\n",
            Body
        ),
        ["iterations that grow from round to round"] = (
            6,
            $"*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 1\nround:\nr1 = *(u64 *)(r10 - 16)\n{Loop}r5 = *(u64 *)(r10 - 16)\nr5 += 1\n"
                + "*(u64 *)(r10 - 16) = r5\nif r5 < 4 goto round\nr8 = *(u64 *)(r10 - 8)\n",
            Body
        ),
        ["a branch in the callback"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\nr1 = 9\nif r9 & 1 goto on\nr1 = 1\non:\n{Loop}r8 = *(u64 *)(r10 - 8)\n",
            $"body:\nr5 = 1\nif r1 > 3 goto +1\nr5 = 2\n{Count}r0 = 0\nexit\n"
        ),
        ["a callback that may stop"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\nr1 = 9\nif r9 & 1 goto on\nr1 = 1\non:\n{Loop}r8 = *(u64 *)(r10 - 8)\n",
            $"body:\nr6 = r1\n{Count}r0 = 0\nif r6 != 20 goto +1\nr0 = 1\nexit\n"
        ),
        ["a subprogram of the callback counts"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\nr1 = 9\nif r9 & 1 goto on\nr1 = 1\non:\n{Loop}r8 = *(u64 *)(r10 - 8)\n",
            $"body:\ncall count\nr0 = 0\nexit\ncount:\n{Count}r0 = 0\nexit\n"
        ),
        ["a subprogram calls the helper"] = (
            9,
            "*(u64 *)(r10 - 8) = 0\nr1 = 9\nif r9 & 1 goto on\nr1 = 1\non:\nr3 = r10\nr3 += -8\ncall many\nr8 = *(u64 *)(r10 - 8)\n",
            $"many:\nr2 = func[body] ll\nr4 = 0\ncall 181\nr0 = 0\nexit\n{Body}"
        ),
        ["a callback within a callback, the outer varying"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\nr1 = 3\nif r9 & 1 goto on\nr1 = 1\non:\n{Loop}r8 = *(u64 *)(r10 - 8)\n",
            $"body:\nr3 = r2\nr1 = 3\nr2 = func[inner] ll\nr4 = 0\ncall 181\nr0 = 0\nexit\n{Body.Replace("body", "inner", StringComparison.Ordinal)}"
        ),
        ["a callback within a callback, the inner varying"] = (
            9,
            "*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 3\nif r9 & 1 goto on\n*(u64 *)(r10 - 16) = 1\non:\n"
                + "r1 = 3\nr2 = func[body] ll\nr3 = r10\nr3 += -16\nr4 = 0\ncall 181\nr8 = *(u64 *)(r10 - 8)\n",
            "body:\nr1 = *(u64 *)(r2 + 0)\nr3 = r2\nr3 += 8\nr2 = func[inner] ll\nr4 = 0\ncall 181\nr0 = 0\nexit\n"
                + Body.Replace("body", "inner", StringComparison.Ordinal)
        ),
        ["the outer count is the iterations of the inner"] = (
            6,
            "*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\n"
                + "r1 = 3\nr2 = func[body] ll\nr3 = r10\nr3 += -16\nr4 = 0\ncall 181\nr8 = *(u64 *)(r10 - 8)\n",
            $"body:\nr6 = r2\n{Count}r3 = r6\nr3 += 8\nr2 = func[inner] ll\nr4 = 0\ncall 181\nr0 = 0\nexit\n"
                + Body.Replace("body", "inner", StringComparison.Ordinal)
        ),
        ["a count of four bytes"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\nr1 = 9\nif r9 & 1 goto on\nr1 = 1\non:\n{Loop}r8 = *(u32 *)(r10 - 8)\n",
            Body.Replace("u64", "u32", StringComparison.Ordinal)
        ),
        ["a step from the stack"] = (
            9,
            $"*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 3\nr1 = 3\nif r9 & 1 goto on\nr1 = 1\non:\n{Loop}r8 = *(u64 *)(r10 - 8)\n",
            "body:\nr1 = *(u64 *)(r2 + 0)\nr3 = *(u64 *)(r2 - 8)\nr1 += r3\n*(u64 *)(r2 + 0) = r1\nr0 = 0\nexit\n"
        ),
    };

    private static readonly Dictionary<string, (int Size, string Use)> Sinks = new()
    {
        ["storage"] = (40, "r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r8\n"),
        ["array"] = (
            32,
            "*(u32 *)(r10 - 24) = 0\nr2 = r10\nr2 += -24\nr1 = map[array] ll\ncall 1\nif r0 == 0 goto end\nr0 += r8\n"
        ),
        ["stack"] = (64, "r0 = r10\nr0 += -64\nr0 += r8\n"),
    };

    public static TheoryData<string, string, bool> Uses()
    {
        var uses = new TheoryData<string, string, bool>();
        foreach (var shape in Shapes.Keys)
        foreach (var sink in Sinks.Keys)
        {
            uses.Add(shape, sink, true);
            uses.Add(shape, sink, false);
        }
        return uses;
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_count_that_may_be_too_high_is_no_offset(string shape, string sink, bool keepsEveryState)
    {
        using var world = new RunnableWorld();

        var verdict = world.Verify(Source(world, shape, sink, beyond: 1), AttachType.CgroupInetEgress, keepsEveryState);

        var refused = verdict.Should().BeOfType<Refused>().Subject;
        refused.Errno.Should().Be(Conformance.ReferenceVm.Errno.EACCES, refused.Message);
        refused.Message.Should().ContainAny("invalid access to map value", "invalid write to stack");
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void The_highest_count_is_one_where_it_fits(string shape, string sink, bool keepsEveryState)
    {
        using var world = new RunnableWorld();
        var random = new Random(1);

        var verdict = world.Verify(Source(world, shape, sink, beyond: 0), AttachType.CgroupInetEgress, keepsEveryState);

        var program = verdict.Should().BeOfType<Accepted>(verdict.Log).Subject.Program;
        var reached = 0;
        for (var run = 0; run < Runs; run++)
        {
            var result = world.Run(program, random);
            result.Status.Should().Be(RunStatus.Returned, result.Message);
            reached += result.Value == 1 ? 1 : 0;
        }
        reached.Should().BePositive("the bound is refused beyond because it is reached");
    }

    // Returns whether the count was the highest.
    private static Instruction[] Source(RunnableWorld world, string shape, string sink, int beyond)
    {
        var ((most, main, subprograms), (size, use)) = (Shapes[shape], Sinks[sink]);
        return world.Code(
            $"{Start}{main}{use}*(u8 *)(r0 + {size - 1 - most + beyond}) = {Mark}\nr0 = 0\nif r8 != {most} goto end\nr0 = 1\nexit\n"
                + $"end:\nr0 = 0\nexit\n{subprograms}"
        );
    }
}
