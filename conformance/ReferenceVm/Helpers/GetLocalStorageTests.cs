using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Helpers;

public sealed class GetLocalStorageTests : IDisposable
{
    private const string Shared = "r1 = map[shared] ll\nr2 = 0\ncall 81\nexit";
    private const string PerCpu = "r1 = map[percpu] ll\nr2 = 0\ncall 81\nexit";

    private readonly Guest _guest = new();
    private readonly CgroupStorageMap _shared;
    private readonly CgroupStorageMap _perCpu;

    public GetLocalStorageTests()
    {
        _shared = _guest.Map<CgroupStorageMap>("shared", new MapDefinition(MapType.CgroupStorage, 16, 8, 0));
        _perCpu = _guest.Map<CgroupStorageMap>("percpu", new MapDefinition(MapType.PercpuCgroupStorage, 16, 8, 0));
    }

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void It_returns_the_attachments_storage_of_the_maps_kind()
    {
        var shared = _shared.Create(1, AttachType.CgroupDevice)!;
        var perCpu = _perCpu.Create(1, AttachType.CgroupDevice)!;
        void Attached(RunContext run) => (run.SharedStorage, run.PerCpuStorage) = (shared, perCpu);
        _guest.Result(Shared, Attached).Should().Be(shared.AddressOn(0));
        _guest.Result(PerCpu, Attached).Should().Be(perCpu.AddressOn(0));
    }

    [Fact]
    public void Neither_the_map_itself_nor_its_keys_nor_the_current_cgroup_matter()
    {
        // The attachment was bound to a storage of another map, for another cgroup and attach type, that is not even visible.
        var elsewhere = _guest.Map<CgroupStorageMap>("elsewhere", new MapDefinition(MapType.CgroupStorage, 8, 8, 0));
        var bound = elsewhere.Allocate(77, AttachType.CgroupSysctl)!;
        _shared.Create(5, AttachType.CgroupDevice);
        _guest
            .Result(
                Shared,
                run =>
                {
                    run.SharedStorage = bound;
                    run.CurrentCgroupId = 5;
                    run.AttachType = AttachType.CgroupDevice;
                }
            )
            .Should()
            .Be(bound.AddressOn(0));
    }

    [Fact]
    public void A_per_cpu_storage_gives_the_area_of_the_cpu_that_calls()
    {
        var storage = _perCpu.Create(1, AttachType.CgroupDevice)!;
        for (var cpu = 0; cpu < 2; cpu++)
        {
            _guest.Result(PerCpu, run => run.PerCpuStorage = storage, cpu).Should().Be(storage.AddressOn(cpu));
        }
    }

    [Fact]
    public void A_shared_storage_gives_the_same_buffer_on_every_cpu()
    {
        var storage = _shared.Create(1, AttachType.CgroupDevice)!;
        var addresses = new[] { 0, 1 }.Select(cpu => _guest.Result(Shared, run => run.SharedStorage = storage, cpu));
        addresses.Should().OnlyContain(address => address == storage.AddressOn(0));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("0x7fffffff")]
    public void At_run_time_flags_have_no_effect(string flags)
    {
        var storage = _shared.Create(1, AttachType.CgroupDevice)!;
        _guest
            .Result($"r1 = map[shared] ll\nr2 = {flags}\ncall 81\nexit", run => run.SharedStorage = storage)
            .Should()
            .Be(storage.AddressOn(0));
    }

    [Fact]
    public void An_update_during_a_run_shows_at_the_next_call_and_stores_through_the_old_pointer_are_lost()
    {
        var storage = _shared.Create(1, AttachType.CgroupDevice)!;
        byte[] key = [1, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        _shared.Update(key, [11, 0, 0, 0, 0, 0, 0, 0], 0).Should().Be(Errno.None);
        var run = _guest.Processors.Enter(0);
        run.SharedStorage = storage;
        Interpreter.Begin(
            _guest.Program(
                """
                r1 = map[shared] ll
                call 81
                r6 = r0
                r7 = *(u64 *)(r6 + 0)
                *(u64 *)(r6 + 0) = 0xbad
                r1 = map[shared] ll
                call 81
                r0 = *(u64 *)(r0 + 0)
                r0 <<= 8
                r0 |= r7
                exit
                """
            ),
            run
        );
        Interpreter.Continue(run, 3).Status.Should().Be(RunStatus.Paused);
        _shared.Update(key, [22, 0, 0, 0, 0, 0, 0, 0], 0).Should().Be(Errno.None);
        Interpreter.Continue(run, 100).Value.Should().Be(22 << 8 | 11);
        _guest.Processors.Leave(run);
        var value = new byte[8];
        _shared.Lookup(key, value, 0);
        value[0].Should().Be(22);
    }

    [Fact]
    public void After_a_nested_run_the_outer_one_gets_its_own_storage_again()
    {
        var outerStorage = _shared.Create(1, AttachType.CgroupDevice)!;
        var innerStorage = _shared.Create(2, AttachType.CgroupSysctl)!;
        var program = _guest.Program(
            "r1 = map[shared] ll\ncall 81\nr6 = r0\nr1 = map[shared] ll\ncall 81\nr0 ^= r6\nexit"
        );
        var outer = _guest.Processors.Enter(0);
        outer.SharedStorage = outerStorage;
        Interpreter.Begin(program, outer);
        Interpreter.Continue(outer, 3);
        _guest.Result(Shared, run => run.SharedStorage = innerStorage).Should().Be(innerStorage.AddressOn(0));
        Interpreter.Continue(outer, 100).Value.Should().Be(0);
        _guest.Processors.Leave(outer);
    }

    [Theory]
    [InlineData("call f\nexit\nf: r1 = map[shared] ll\nr2 = 0\ncall 81\nexit", "a function")]
    [InlineData("r2 = map[table] ll\nr3 = 0\ncall 12\nr0 = 0\nexit", "a tail call")]
    public void Functions_and_tail_calls_run_with_the_attachments_storage(string source, string why)
    {
        var storage = _shared.Create(1, AttachType.CgroupDevice)!;
        _guest
            .Map<ProgArrayMap>("table", new MapDefinition(MapType.ProgArray, 4, 4, 1))
            .Set(0, _guest.Program(Shared), 1, 0);
        _guest.Result(source, run => run.SharedStorage = storage).Should().Be(storage.AddressOn(0), why);
    }

    [Fact]
    public void Loop_callbacks_run_with_the_attachments_storage()
    {
        var storage = _shared.Create(1, AttachType.CgroupDevice)!;
        _guest
            .Result(
                """
                r1 = 5
                r2 = func[body] ll
                r3 = 0
                r4 = 0
                call 181
                exit
                body:
                r1 = map[shared] ll
                r2 = 0
                call 81
                r1 = *(u64 *)(r0 + 0)
                r1 += 1
                *(u64 *)(r0 + 0) = r1
                r0 = 0
                exit
                """,
                run => run.SharedStorage = storage
            )
            .Should()
            .Be(5);
        _guest.Arena.Bytes(storage.AddressOn(0), 1)[0].Should().Be(5);
    }

    [Theory]
    [InlineData("r1 = 0")]
    [InlineData("r1 = r10")]
    [InlineData("r1 = map[other] ll")]
    [InlineData("r1 = map[shared] ll\nr1 += 1")]
    [InlineData("r1 = map[shared] ll\nr1 += 0x10000")]
    public void What_is_no_storage_map_traps(string argument)
    {
        _guest.Map("other", new MapDefinition(MapType.Array, 4, 8, 1));
        _guest
            .Trap($"{argument}\nr2 = 0\ncall 81\nexit")
            .Should()
            .Be("R1 of get_local_storage is not a cgroup storage map");
    }

    [Fact]
    public void A_run_without_a_storage_of_the_kind_traps_and_never_gets_null() =>
        _guest.Trap(Shared).Should().Be("the attachment has no Shared storage");

    [Fact]
    public void The_token_of_a_freed_map_is_worthless()
    {
        var program = _guest.Program(Shared);
        _guest.Maps.Remove(_shared.Id);
        _guest.Run(program).Status.Should().Be(RunStatus.Trapped);
    }
}
