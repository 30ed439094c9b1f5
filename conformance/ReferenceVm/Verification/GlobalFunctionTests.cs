using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Verification;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>What vectors do not show of global functions: logs, older kernels, and what is concluded across calls.</summary>
public class GlobalFunctionTests
{
    private const string PointerReturned = "At subprogram exit the register R0 is not a scalar value (map_value)";
    private const string Get = "r1 = map[storage] ll\nr2 = 0\ncall 81\n";

    [Fact]
    public void The_log_says_what_was_assumed_and_what_was_shown()
    {
        var verdict = Verify("r1 = 0\ncall f\nr0 = 1\nexit\nf:\nr0 = r1\nexit", new() { LogLevel = 2 }, 1);
        verdict.Should().BeOfType<Accepted>(verdict.Log);
        verdict
            .Log.Should()
            .Contain("\nFunc#1 ('f4') is global and assumed valid.\n")
            .And.Contain("\nValidating f4() func#1...\n4: ")
            .And.Contain("\nFunc#1 ('f4') is safe for any args that match its prototype\n");
    }

    [Theory]
    [InlineData("6.8", true)]
    [InlineData("6.7.12", false)]
    public void Before_6_8_functions_that_nobody_calls_are_verified_too(string kernel, bool isAccepted)
    {
        var source = $"r6 = 0\nif r6 == 0 goto end\nr1 = 0\ncall f\nend:\nr0 = 1\nexit\nf:\n{Get}exit";
        Message(Verify(source, new() { Behaviour = Behaviour.For(kernel) }, 1))
            .Should()
            .Be(isAccepted ? null : PointerReturned);
    }

    [Theory]
    [InlineData("6.8", "R3 !read_ok")]
    [InlineData("6.7.12", PointerReturned)]
    public void Before_6_8_functions_came_before_the_main_program(string kernel, string message) =>
        Message(Verify($"r1 = 0\ncall f\nr0 = r3\nexit\nf:\n{Get}exit", new() { Behaviour = Behaviour.For(kernel) }, 1))
            .Should()
            .Be(message);

    [Fact]
    public void A_function_that_only_another_one_calls_is_verified()
    {
        var source = $"r1 = 0\ncall f\nr0 = 1\nexit\nf:\ncall g\nr0 = 0\nexit\ng:\n{Get}exit";
        Message(Verify(source, new(), 1, second: ("g", 0))).Should().Be(PointerReturned);
        Message(Verify(source, new(), 1)).Should().BeNull("a static function may return a pointer");
    }

    [Fact]
    public void What_is_concluded_from_an_argument_holds_for_every_argument()
    {
        // Of two ways to one place the first is harmless; the second must be walked as well.
        var source =
            "r1 = 0\ncall f\nr0 = 1\nexit\nf:\nr6 = r1\nr7 = 0\nif r6 > 15 goto large\nr7 = r6\ngoto use\nlarge:\nr7 = 60\nuse:\n"
            + Get
            + "r0 += r7\nr0 = *(u64 *)(r0 + 0)\nr0 = 0\nexit";
        Message(Verify(source, new(), 1))
            .Should()
            .StartWith("invalid access to map value, value_size=64 off=60 size=8");
        Message(Verify(source.Replace("r7 = 60", "r7 = 56"), new(), 1)).Should().BeNull();
    }

    [Fact]
    public void Numbers_of_the_caller_stay_known_across_a_call() =>
        Message(
                Verify(
                    $"r6 = 56\nr1 = 0\ncall f\n{Get}r0 += r6\nr0 = *(u64 *)(r0 + 0)\nr0 = 1\nexit\nf:\nr0 = 0\nexit",
                    new(),
                    1
                )
            )
            .Should()
            .BeNull();

    [Fact]
    public void More_than_five_parameters_are_too_many() =>
        Message(Verify("r1 = 0\ncall f\nr0 = 1\nexit\nf:\nr0 = 0\nexit", new(), 6))
            .Should()
            .Be("Global function f4() with 6 > 5 args. Buggy compiler.\nCaller passes invalid args into func#1 ('f4')");

    [Fact]
    public void Stacks_of_global_functions_count_in_the_chain() =>
        Message(
                Verify(
                    "*(u64 *)(r10 - 304) = 0\nr1 = 0\ncall f\nr0 = 1\nexit\nf:\n*(u64 *)(r10 - 304) = 0\nr0 = 0\nexit",
                    new(),
                    1
                )
            )
            .Should()
            .Be("combined stack size of 2 calls is 608. Too large");

    [Fact]
    public void One_that_calls_itself_is_refused() =>
        Message(Verify("r1 = 0\ncall f\nr0 = 1\nexit\nf:\nr1 = 0\ncall f\nr0 = 0\nexit", new(), 1))
            .Should()
            .StartWith("the call stack of ");

    private static string? Message(Verdict verdict) => (verdict as Refused)?.Message;

    private static Verdict Verify(string source, VerifierWorld world, int parameters, (string, int)? second = null)
    {
        var labels = Assembler.Assemble(source).Labels;
        var functions = new Dictionary<int, int> { [labels["f"]] = parameters };
        if (second is var (label, count))
            functions[labels[label]] = count;
        return Verifier.Verify(world.WithStorages(64).Request(source) with { GlobalFunctions = functions });
    }
}
