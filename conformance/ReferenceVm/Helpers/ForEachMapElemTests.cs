using System.Buffers.Binary;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Helpers;

public sealed class ForEachMapElemTests : IDisposable
{
    // Adds to the caller's number the key and ten times the value of each element; ends at the key in the caller's second number.
    private const string Sum = """
        *(u64 *)(r10 - 16) = 0
        *(u64 *)(r10 - 8) = {1}
        r1 = map[{0}] ll
        r2 = func[each] ll
        r3 = r10
        r3 += -16
        r4 = 0
        call 164
        r1 = *(u64 *)(r10 - 16)
        r1 <<= 32
        r0 |= r1
        exit
        each:
        r5 = *(u32 *)(r2 + 0)
        r0 = *(u64 *)(r4 + 8)
        r6 = *(u64 *)(r3 + 0)
        r6 *= 10
        r6 += r5
        r7 = *(u64 *)(r4 + 0)
        r7 += r6
        *(u64 *)(r4 + 0) = r7
        if r0 == r5 goto last
        r0 = 0
        exit
        last:
        r0 = 1
        exit
        """;

    private readonly Guest _guest = new();

    public ForEachMapElemTests()
    {
        _guest.Map("array", new MapDefinition(MapType.Array, 4, 8, 3));
        _guest.Map("percpu", new MapDefinition(MapType.PercpuArray, 4, 8, 3));
        _guest.Map("hash", new MapDefinition(MapType.Hash, 4, 8, 3));
        _guest.Map("wide", new MapDefinition(MapType.Hash, 700, 8, 3));
        _guest.Map("storage", new MapDefinition(MapType.CgroupStorage, 16, 8, 0));
    }

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("array", 100, 3, 3 + 10 * 60)]
    [InlineData("array", 1, 2, 1 + 10 * 30)]
    [InlineData("array", 0, 1, 10 * 10)]
    [InlineData("percpu", 100, 3, 3 + 10 * 60)]
    [InlineData("hash", 100, 3, 3 + 10 * 60)]
    public void It_visits_each_element_until_the_callback_says_so(string map, int last, ulong visited, ulong sum)
    {
        for (uint key = 0; key < 3; key++)
            UpdateFromProgram(map, key, (key + 1) * 10);
        _guest.Result(Source(map, last)).Should().Be(sum << 32 | visited);
    }

    [Fact]
    public void Of_a_per_cpu_map_it_passes_the_values_of_the_cpu_it_runs_on()
    {
        UpdateFromProgram("percpu", 1, 7, cpu: 1);
        _guest.Result(Source("percpu", 100), cpu: 0).Should().Be(3UL << 32 | 3);
        _guest.Result(Source("percpu", 100), cpu: 1).Should().Be(73UL << 32 | 3);
    }

    [Fact]
    public void An_empty_map_has_nothing_to_visit() => _guest.Result(Source("hash", 100)).Should().Be(0);

    [Fact]
    public void Unknown_flags_are_an_error_and_visit_nothing() =>
        _guest
            .Result("r1 = map[array] ll\nr2 = func[each] ll\nr3 = 0\nr4 = 1\ncall 164\nexit\neach:\nr0 = 1\nexit")
            .Should()
            .Be(unchecked((ulong)-(long)Errno.EINVAL));

    [Fact]
    public void A_storage_map_traps_where_no_verifier_has_seen_to_it() =>
        _guest.Trap(Source("storage", 100)).Should().Contain("not a map with elements for programs");

    [Fact]
    public void A_key_can_be_read_to_the_end_of_the_run_and_is_given_back_then()
    {
        for (uint key = 0; key < 3; key++)
            UpdateFromProgram("hash", key, 0);
        var before = _guest.Arena.LiveBytes;
        var source = """
            r1 = map[hash] ll
            r2 = func[each] ll
            r3 = r10
            r3 += -8
            r4 = 0
            call 164
            r6 = *(u64 *)(r10 - 8)
            r1 = map[array] ll
            r2 = func[each] ll
            r3 = r10
            r3 += -16
            r4 = 0
            call 164
            r0 = *(u32 *)(r6 + 0)
            exit
            each:
            *(u64 *)(r4 + 0) = r2
            r0 = 0
            exit
            """;
        for (var run = 0; run < 3; run++)
            _guest.Result(source).Should().Be(2);
        // The stack stays for the next run.
        _guest.Arena.LiveBytes.Should().BeInRange(before, before + _guest.Limits.ChainedFrames * 1024L);
        var after = _guest.Arena.LiveBytes;
        _ = _guest.Result(source);
        _guest.Arena.LiveBytes.Should().Be(after);
    }

    [Fact]
    public void Behind_a_key_lies_nothing()
    {
        var map = _guest.Map<HashMap>("odd", new MapDefinition(MapType.Hash, 5, 8, 3));
        map.Update(new byte[5], new byte[8], 0).Should().Be(Errno.None);
        const string Source =
            "r1 = map[odd] ll\nr2 = func[each] ll\nr3 = 0\nr4 = 0\ncall 164\nexit\neach:\nr0 = *(u8 *)(r2 + {0})\nexit";
        _guest.Result(Source.Replace("{0}", "4")).Should().Be(1);
        _guest.Trap(Source.Replace("{0}", "5")).Should().Contain("outside of any live object");
    }

    [Fact]
    public void Keys_may_be_longer_than_a_stack()
    {
        var map = (HashMap)_guest.Maps.Find(4)!;
        var key = new byte[700];
        (key[0], key[696]) = (3, 4);
        map.Update(key, new byte[8], 0).Should().Be(Errno.None);
        _guest
            .Result(
                "*(u64 *)(r10 - 8) = 0\nr1 = map[wide] ll\nr2 = func[each] ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall 164\nr0 = *(u64 *)(r10 - 8)\nexit\n"
                    + "each:\nr1 = *(u32 *)(r2 + 0)\nr5 = *(u32 *)(r2 + 696)\nr1 += r5\n*(u64 *)(r4 + 0) = r1\nr0 = 0\nexit"
            )
            .Should()
            .Be(7);
    }

    [Fact]
    public void An_element_that_the_callback_deletes_ends_nothing_and_stays_readable()
    {
        for (uint key = 0; key < 3; key++)
            UpdateFromProgram("hash", key, key + 1);
        _guest
            .Result(
                """
                *(u64 *)(r10 - 8) = 0
                r1 = map[hash] ll
                r2 = func[each] ll
                r3 = r10
                r3 += -8
                r4 = 0
                call 164
                r1 = *(u64 *)(r10 - 8)
                r1 <<= 32
                r0 |= r1
                exit
                each:
                r6 = r3
                r7 = r4
                call 3
                r1 = *(u64 *)(r6 + 0)
                r2 = *(u64 *)(r7 + 0)
                r2 += r1
                *(u64 *)(r7 + 0) = r2
                r0 = 0
                exit
                """
            )
            .Should()
            .Be(6UL << 32 | 3);
        _guest.Result(Source("hash", 100)).Should().Be(0);
    }

    [Fact]
    public void Stepping_it_gives_the_same()
    {
        UpdateFromProgram("array", 2, 4);
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program(Source("array", 100)), run);
        RunResult result;
        while ((result = Interpreter.Continue(run, 1)).Status == RunStatus.Paused) { }
        _guest.Processors.Leave(run);
        result.Value.Should().Be(43UL << 32 | 3);
    }

    private static string Source(string map, int last) => Sum.Replace("{0}", map).Replace("{1}", $"{last}");

    private void UpdateFromProgram(string map, uint key, ulong value, int cpu = 0)
    {
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, key);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[4..], value);
        var id = map switch
        {
            "array" => 1,
            "percpu" => 2,
            _ => 3,
        };
        _guest.Maps.Find(id)!.UpdateFromProgram(bytes[..4], bytes[4..], 0, cpu).Should().Be(Errno.None);
    }
}
