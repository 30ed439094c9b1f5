using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Tests.Properties;

public sealed class FlagProperties : IDisposable
{
    private readonly TinyWorld world = new(null, "a");
    private int programs;

    public FlagProperties() => world.Map("m", StorageKind.Shared, 16);

    public void Dispose() => world.Dispose();

    // Single bits, small numbers, and all of 64 bits.
    private static readonly Gen<ulong> Numbers = Gen.OneOf(
        Gen.Choose(0, 63).Select(bit => 1ul << bit),
        Gen.Choose(int.MinValue, int.MaxValue).Select(number => (ulong)number),
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        select (ulong)(uint)high << 32 | (uint)low
    );

    /// <summary>Ways to bring a number into r2 that leave it known; the second number is arbitrary.</summary>
    private static readonly Func<ulong, ulong, string[]>[] Ways =
    [
        (v, _) => [$"r2 = 0x{v:x} ll"],
        (v, _) => [$"r6 = 0x{v:x} ll", "r2 = r6"],
        (v, _) => [$"r6 = 0x{v:x} ll", "*(u64 *)(r10 - 8) = r6", "r2 = *(u64 *)(r10 - 8)"],
        (v, a) => [$"r2 = 0x{a:x} ll", $"r3 = 0x{a ^ v:x} ll", "r2 ^= r3"],
        (v, a) => [$"r2 = 0x{a:x} ll", $"r3 = 0x{unchecked(v - a):x} ll", "r2 += r3"],
        (v, a) => [$"r2 = 0x{unchecked(v + a):x} ll", $"r3 = 0x{a:x} ll", "r2 -= r3"],
        (v, a) => [$"r2 = 0x{v & a:x} ll", $"r3 = 0x{v & ~a:x} ll", "r2 |= r3"],
        (v, a) => [$"r2 = 0x{v | a:x} ll", $"r3 = 0x{v | ~a:x} ll", "r2 &= r3"],
        (v, _) => [$"r2 = 0x{unchecked(0 - v):x} ll", "r2 = -r2"],
        (v, _) => [$"r2 = 0x{v >> 32:x} ll", "r2 <<= 32", $"r3 = 0x{v & uint.MaxValue:x} ll", "r2 |= r3"],
        (v, _) => [$"r2 = 0x{v:x} ll", "r2 = bswap64 r2", "r2 = bswap64 r2"],
        (v, _) => [$"r2 = 0x{v:x} ll", "if r2 == 0 goto known", "r3 = 0", "known:"],
    ];

    /// <summary>Ways to get a number that nobody knows before the program runs.</summary>
    private static readonly string[][] Sources =
    [
        ["call bpf_get_prandom_u32#7", "r2 = r0"],
        ["call bpf_ktime_get_ns#5", "r2 = r0"],
        ["r2 = *(u32 *)(r1 + 0)"],
        ["r1 = map[m] ll", "r2 = 0", "call bpf_get_local_storage#81", "r2 = *(u64 *)(r0 + 0)"],
        ["call bpf_get_prandom_u32#7", "*(u64 *)(r10 - 16) = r0", "r2 = *(u64 *)(r10 - 16)"],
    ];

    /// <summary>What can be done to such a number without making it known.</summary>
    private static readonly Func<ulong, string[]>[] Disguises =
    [
        _ => [],
        a => [$"r3 = 0x{a:x} ll", "r2 += r3"],
        a => [$"r3 = 0x{a:x} ll", "r2 ^= r3"],
        a => [$"r3 = 0x{a:x} ll", "r2 -= r3"],
        _ => ["r2 &= 1"],
        _ => ["r2 *= 3"],
        _ => ["r2 = -r2"],
        _ => ["w2 = w2"],
        _ => ["r7 = r2", "r2 = r7"],
    ];

    [Fact]
    public void Any_number_but_zero_is_refused_however_it_is_computed() =>
        Check.One(
            PropertyRuns.Of(300),
            Prop.ForAll(
                (
                    from value in Numbers.Where(number => number != 0)
                    from other in Numbers
                    from way in Gen.Elements(Ways)
                    select way(value, other)
                ).ToArbitrary(),
                lines =>
                {
                    var answer = Load(lines);
                    (answer.Kind, answer.Errno).Should().Be((AnswerKind.Refused, Errno.EINVAL));
                    answer.Message.Should().Contain("get_local_storage() doesn't support non-zero flags");
                }
            )
        );

    [Fact]
    public void Zero_is_accepted_however_it_is_computed() =>
        Check.One(
            PropertyRuns.Of(100),
            Prop.ForAll(
                (from other in Numbers from way in Gen.Elements(Ways) select way(0, other)).ToArbitrary(),
                lines => Load(lines).Kind.Should().Be(AnswerKind.Ok)
            )
        );

    [Fact]
    public void A_number_nobody_knows_before_the_run_is_refused_however_it_is_disguised() =>
        Check.One(
            PropertyRuns.Of(150),
            Prop.ForAll(
                (
                    from source in Gen.Elements(Sources)
                    from disguises in Gen.Elements(Disguises).ListOf(2)
                    from number in Numbers
                    select (string[])[.. source, .. disguises.SelectMany(disguise => disguise(number))]
                ).ToArbitrary(),
                lines =>
                {
                    var answer = Load(lines);
                    (answer.Kind, answer.Errno).Should().Be((AnswerKind.Refused, Errno.EINVAL));
                    answer.Message.Should().Contain("get_local_storage() doesn't support non-zero flags");
                }
            )
        );

    private Answer Load(IEnumerable<string> flags) =>
        world.Load(
            $"p{programs++}",
            AttachType.CgroupSysctl,
            [.. flags, "r1 = map[m] ll", "call bpf_get_local_storage#81", "r0 = 1", "exit"]
        );
}
