using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Helpers;

public sealed class MapHelperTests : IDisposable
{
    private const string KeyInR2 = "*(u32 *)(r10 - 4) = 1\nr2 = r10\nr2 += -4\n";
    private const string ValueInR3 = "*(u64 *)(r10 - 16) = 42\nr3 = r10\nr3 += -16\nr4 = 0\n";

    private readonly Guest _guest = new();

    public MapHelperTests()
    {
        _guest.Map("array", new MapDefinition(MapType.Array, 4, 8, 2));
        _guest.Map("percpu", new MapDefinition(MapType.PercpuArray, 4, 8, 2));
        _guest.Map("hash", new MapDefinition(MapType.Hash, 4, 8, 2));
        _guest.Map("storage", new MapDefinition(MapType.CgroupStorage, 16, 8, 0));
        _guest.Map("table", new MapDefinition(MapType.ProgArray, 4, 4, 2));
    }

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("array")]
    [InlineData("percpu")]
    [InlineData("hash")]
    public void What_a_program_updates_it_finds(string map) =>
        _guest
            .Result(
                $"""
                {KeyInR2}{ValueInR3}r1 = map[{map}] ll
                call 2
                if r0 != 0 goto end
                {KeyInR2}r1 = map[{map}] ll
                call 1
                r0 = *(u64 *)(r0 + 0)
                end:
                exit
                """
            )
            .Should()
            .Be(42);

    [Fact]
    public void A_missing_element_is_null()
    {
        _guest.Result($"{KeyInR2}r1 = map[hash] ll\ncall 1\nexit").Should().Be(0);
        _guest.Result($"*(u32 *)(r10 - 4) = 2\nr2 = r10\nr2 += -4\nr1 = map[array] ll\ncall 1\nexit").Should().Be(0);
    }

    [Fact]
    public void Errors_are_negative_errnos()
    {
        _guest.Result($"{KeyInR2}r1 = map[hash] ll\ncall 3\nexit").Should().Be(unchecked((ulong)-(long)Errno.ENOENT));
        _guest.Result($"{KeyInR2}r1 = map[array] ll\ncall 3\nexit").Should().Be(unchecked((ulong)-(long)Errno.EINVAL));
        _guest
            .Result($"{KeyInR2}{ValueInR3}r4 = 1\nr1 = map[array] ll\ncall 2\nexit")
            .Should()
            .Be(unchecked((ulong)-(long)Errno.EEXIST));
    }

    [Fact]
    public void A_per_cpu_array_gives_every_cpu_its_own()
    {
        const string add =
            KeyInR2
            + "r1 = map[percpu] ll\ncall 1\nr1 = *(u64 *)(r0 + 0)\nr1 += 1\n*(u64 *)(r0 + 0) = r1\nr0 = r1\nexit";
        _guest.Result(add, cpu: 0).Should().Be(1);
        _guest.Result(add, cpu: 0).Should().Be(2);
        _guest.Result(add, cpu: 1).Should().Be(1);
    }

    [Fact]
    public void A_deleted_value_stays_usable_until_the_run_ends() =>
        _guest
            .Result(
                $"""
                {KeyInR2}{ValueInR3}r1 = map[hash] ll
                call 2
                {KeyInR2}r1 = map[hash] ll
                call 1
                r6 = r0
                {KeyInR2}r1 = map[hash] ll
                call 3
                r0 = *(u64 *)(r6 + 0)
                exit
                """
            )
            .Should()
            .Be(42);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bad_arguments_trap(int helper)
    {
        _guest.Trap($"{KeyInR2}{ValueInR3}r1 = 5\ncall {helper}\nexit").Should().Be("R1 is not a map pointer");
        _guest
            .Trap($"{ValueInR3}r2 = 0\nr1 = map[array] ll\ncall {helper}\nexit")
            .Should()
            .Be("R2 is not a key of 4 bytes");
        _guest
            .Trap($"{ValueInR3}r2 = r10\nr2 += -3\nr1 = map[array] ll\ncall {helper}\nexit")
            .Should()
            .Be("R2 is not a key of 4 bytes");
        _guest
            .Trap($"{KeyInR2}{ValueInR3}r1 = map[storage] ll\ncall {helper}\nexit")
            .Should()
            .Be("the elements of a CgroupStorage map are not for programs");
        _guest
            .Trap($"{KeyInR2}{ValueInR3}r1 = map[table] ll\ncall {helper}\nexit")
            .Should()
            .Be("the elements of a ProgArray map are not for programs");
    }

    [Fact]
    public void A_bad_value_traps() =>
        _guest
            .Trap($"{KeyInR2}r3 = r10\nr3 += -7\nr4 = 0\nr1 = map[array] ll\ncall 2\nexit")
            .Should()
            .Be("R3 of map_update_elem is not a value of 8 bytes");

    [Fact]
    public void An_update_reads_exactly_the_value() =>
        _guest
            .Result($"{KeyInR2}*(u64 *)(r10 - 16) = 1\nr3 = r10\nr3 += -8\nr4 = 0\nr1 = map[array] ll\ncall 2\nexit")
            .Should()
            .Be(0);
}
