using System.Buffers.Binary;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm;

/// <summary>Loading, tail calls and test runs (kernel-facts (c) and (e)).</summary>
public sealed class MachineProgramTests : IDisposable
{
    private const string Caller = """
        r6 = r1
        {0}
        r1 = r6
        r2 = map[table] ll
        r3 = 0
        call bpf_tail_call#12
        r0 = 1
        exit
        """;

    private const string Counts = """
        r1 = map[storage] ll
        r2 = 0
        call bpf_get_local_storage#81
        r1 = {0}
        lock *(u64 *)(r0 + 0) += r1
        """;

    private readonly MachineKit _kit = new();
    private readonly int _table;
    private readonly int _storage;
    private readonly int _other;

    public MachineProgramTests()
    {
        _table = _kit.Map(MapType.ProgArray, 4, 4, maxEntries: 2);
        _storage = _kit.StorageMap();
        _other = _kit.StorageMap();
    }

    public void Dispose() => _kit.Dispose();

    [Theory]
    [InlineData(0x100u, 1, Errno.EINVAL)]
    [InlineData(0u, 0, Errno.E2BIG)]
    public void A_load_is_refused_without_a_word_before_the_verifier(uint flags, int instructions, Errno errno)
    {
        var load = new ProgramLoad(ProgramType.CgroupSkb, 0, new byte[8 * instructions]) { Flags = flags };

        _kit.Machine.ProgLoad(load).Should().Be(new LoadOutcome(errno, -1, ""));
    }

    [Theory]
    [InlineData((ProgramType)99, 0)]
    [InlineData(ProgramType.CgroupSkb, 2)]
    [InlineData(ProgramType.CgroupSockAddr, 0)]
    public void A_type_that_does_not_exist_is_EINVAL(ProgramType type, int expected)
    {
        var load = new ProgramLoad(type, expected, new byte[8]);

        _kit.Machine.ProgLoad(load).Errno.Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void Bytecode_that_is_no_multiple_of_8_bytes_is_EINVAL() =>
        _kit.Machine.ProgLoad(new ProgramLoad(ProgramType.CgroupSkb, 0, new byte[12])).Errno.Should().Be(Errno.EINVAL);

    [Fact]
    public void A_tail_called_program_works_on_the_callers_attachments_storage()
    {
        var cgroup = _kit.Cgroup();
        var caller = LoadCaller(_storage);
        Insert(LoadCallee(_storage)).Should().Be(Errno.None);
        _kit.Attach(caller, cgroup);

        _kit.Fire(cgroup);

        _kit.Read(_storage, cgroup).Should().Be(101);
    }

    [Fact]
    public void A_table_of_a_caller_with_storage_takes_only_its_like()
    {
        LoadCaller(_storage);

        Insert(LoadCallee(_storage)).Should().Be(Errno.None);
        Insert(LoadCallee(_other)).Should().Be(Errno.EINVAL);
        Insert(LoadLeaf()).Should().Be(Errno.None);
        TryLoadCaller(null).Errno.Should().Be(Errno.EINVAL, "a bridge without storage leads on to programs with one");
        TryLoadCaller(_other).Errno.Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_table_of_a_caller_with_one_kind_takes_no_other_kind()
    {
        var perCpu = _kit.Map(MapType.PercpuCgroupStorage, 16, 8);
        LoadCaller(_storage);

        Insert(LoadCallee(perCpu)).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_table_of_a_caller_without_storage_takes_none_with()
    {
        TryLoadCaller(null).Errno.Should().Be(Errno.None);

        Insert(LoadCallee(_storage)).Should().Be(Errno.EINVAL);
        TryLoadCaller(_storage).Errno.Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_table_belongs_to_the_first_program_put_into_it()
    {
        Insert(LoadCallee(_storage)).Should().Be(Errno.None);

        TryLoadCaller(null).Errno.Should().Be(Errno.EINVAL);
        TryLoadCaller(_storage).Errno.Should().Be(Errno.None);
        TryLoadCaller(_other).Errno.Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_load_refused_for_its_table_ends_with_the_statistics()
    {
        LoadCaller(_storage);

        var outcome = TryLoadCaller(_other);

        outcome.Log.Should().Contain("processed ").And.NotContain("storage");
    }

    [Fact]
    public void Only_programs_of_the_table_s_type_and_attach_type_go_in()
    {
        LoadCaller(_storage);

        Insert(_kit.LoadFor(AttachType.CgroupInetSockRelease, MachineKit.Returns(1))).Should().Be(Errno.EINVAL);
        Insert(_kit.LoadFor(AttachType.CgroupSysctl, MachineKit.Returns(1))).Should().Be(Errno.EINVAL);
        Insert(_storage).Should().Be(Errno.EINVAL);
        Insert(99).Should().Be(Errno.EBADF);
        Insert(LoadLeaf(), index: 2).Should().Be(Errno.E2BIG);
    }

    [Fact]
    public void A_program_lives_while_it_lies_in_a_table()
    {
        var leaf = LoadLeaf();
        var id = _kit.Machine.ProgramOf(leaf)!.Id;
        Insert(leaf);
        _kit.Machine.Close(leaf);
        _kit.Machine.ProgGetById(id, out var again).Should().Be(Errno.None);
        _kit.Machine.Close(again);

        _kit.Machine.MapDelete(_table, new byte[4]).Should().Be(Errno.None);

        _kit.Machine.ProgGetById(id, out _).Should().Be(Errno.ENOENT);
        _kit.Machine.MapDelete(_table, new byte[4]).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void With_its_last_descriptor_a_table_loses_its_programs()
    {
        var cgroup = _kit.Cgroup();
        _kit.Attach(LoadCaller(_storage), cgroup);
        Insert(LoadCallee(_storage));

        _kit.Machine.Close(_table);

        _kit.Fire(cgroup);
        _kit.Read(_storage, cgroup).Should().Be(1, "the tail call found nothing");
    }

    [Fact]
    public void A_test_run_has_storages_of_its_own_that_last_for_its_repetitions()
    {
        var cgroup = _kit.Cgroup();
        var program = _kit.LoadFor(AttachType.CgroupInetEgress, ReturnsOldNumber, ("storage", _storage));
        _kit.Attach(program, cgroup, AttachType.CgroupInetEgress);
        _kit.Write(_storage, _kit.Key(_storage, cgroup, AttachType.CgroupInetEgress), 55);

        TestRun(program, repeat: 1).Should().Be(0);
        TestRun(program, repeat: 1).Should().Be(0, "the next call starts anew");
        TestRun(program, repeat: 3).Should().Be(2);
        TestRun(program, repeat: 0).Should().Be(0, "0 repetitions are one");

        _kit.Read(_storage, cgroup, AttachType.CgroupInetEgress).Should().Be(55);
        ((CgroupStorageMap)_kit.Machine.MapOf(_storage)!).Storages.Should().ContainSingle();
    }

    [Fact]
    public void A_test_run_gives_its_memory_back()
    {
        var program = _kit.LoadFor(AttachType.CgroupInetEgress, ReturnsOldNumber, ("storage", _storage));
        TestRun(program, 1);
        var before = ((CgroupStorageMap)_kit.Machine.MapOf(_storage)!).Storages.Count;

        for (var run = 0; run < 100; run++)
        {
            TestRun(program, 1);
        }

        ((CgroupStorageMap)_kit.Machine.MapOf(_storage)!).Storages.Should().HaveCount(before);
    }

    [Theory]
    [InlineData(13, Errno.EINVAL)]
    [InlineData(14, Errno.None)]
    [InlineData(64, Errno.None)]
    [InlineData(4096, Errno.EINVAL)]
    public void A_frame_has_an_Ethernet_header_and_fits_a_page(int length, Errno errno)
    {
        var program = _kit.LoadFor(AttachType.CgroupInetEgress, MachineKit.Returns(3));

        _kit.Machine.TestRun(program, new byte[length], 1, 0, out var result).Should().Be(errno);

        result.Value.Should().Be(errno == Errno.None ? 3ul : 0);
    }

    [Fact]
    public void The_data_of_a_test_run_begins_behind_the_Ethernet_header()
    {
        var frame = new byte[14 + 20];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0800);
        frame[14] = 0x45;
        var program = _kit.LoadFor(
            AttachType.CgroupInetIngress,
            """
            r2 = *(u32 *)(r1 + 76)
            r3 = *(u32 *)(r1 + 80)
            r4 = r2
            r4 += 20
            r0 = 0
            if r4 > r3 goto done
            r5 = *(u8 *)(r2 + 0)
            if r5 != 69 goto done
            r5 = *(u32 *)(r1 + 0)
            if r5 != 20 goto done
            r5 = *(u32 *)(r1 + 16)
            if r5 != 8 goto done
            r0 = 1
            done:
            exit
            """
        );

        _kit.Machine.TestRun(program, frame, 1, 0, out var result).Should().Be(Errno.None);

        result.Value.Should().Be(1);
    }

    [Theory]
    [InlineData(AttachType.CgroupInetSockCreate)]
    [InlineData(AttachType.CgroupSockOps)]
    [InlineData(AttachType.CgroupDevice)]
    [InlineData(AttachType.CgroupInet4Bind)]
    [InlineData(AttachType.CgroupSysctl)]
    [InlineData(AttachType.CgroupSetsockopt)]
    public void Other_types_have_no_test_run(AttachType attachType)
    {
        var program = _kit.LoadFor(attachType, MachineKit.Returns(1));

        _kit.Machine.TestRun(program, new byte[64], 1, 0, out _).Should().Be(Errno.ENOTSUPP);
    }

    [Fact]
    public void A_program_that_runs_too_long_is_exhausted_and_does_not_trap()
    {
        using var kit = new MachineKit(limits: new Limits { RunInstructions = 3_000_000 });
        var cgroup = kit.Cgroup();
        kit.Attach(kit.LoadFor(MachineKit.Create, LoopsFor(1_000_000)), cgroup);

        kit.Machine.Fire(cgroup, MachineKit.Create).Run.Status.Should().Be(RunStatus.Exhausted);
    }

    [Fact]
    public void A_budget_of_several_slices_is_used_to_the_last_instruction()
    {
        using var kit = new MachineKit(limits: new Limits { RunInstructions = 20_000_000 });
        var cgroup = kit.Cgroup();
        kit.Attach(kit.LoadFor(MachineKit.Create, LoopsFor(1_000_000)), cgroup);

        kit.Machine.Fire(cgroup, MachineKit.Create).End.Should().Be(EventEnd.Completed);
    }

    [Fact]
    public void Rx_queue_mapping_is_minus_1_in_all_64_bits()
    {
        var cgroup = _kit.Cgroup();
        _kit.Attach(
            _kit.LoadFor(
                MachineKit.Create,
                "r2 = *(u32 *)(r1 + 76)\nr0 = 1\nif r2 == -1 goto done\nr0 = 0\ndone:\nexit"
            ),
            cgroup
        );

        _kit.Fire(cgroup).End.Should().Be(EventEnd.Completed);
    }

    [Fact]
    public void Events_allocate_nothing()
    {
        var cgroup = _kit.Cgroup();
        foreach (var attachType in Enum.GetValues<AttachType>())
        {
            _kit.Attach(_kit.LoadFor(attachType, MachineKit.Adds(1), ("storage", _storage)), cgroup, attachType);
            _kit.Machine.Fire(cgroup, attachType, times: 10);
            var before = GC.GetAllocatedBytesForCurrentThread();

            _kit.Machine.Fire(cgroup, attachType, times: 1000);

            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1000, "of {0}", attachType);
        }
    }

    // Returns what was in the storage before, and adds one.
    private const string ReturnsOldNumber = """
        r1 = map[storage] ll
        r2 = 0
        call bpf_get_local_storage#81
        r1 = *(u64 *)(r0 + 0)
        r2 = r1
        r2 += 1
        *(u64 *)(r0 + 0) = r2
        r0 = 0
        if r1 == 0 goto done
        r0 = 1
        if r1 == 1 goto done
        r0 = 2
        done:
        exit
        """;

    private static string LoopsFor(int iterations) =>
        $"""
            r1 = {iterations}
            r2 = func[body] ll
            r3 = 0
            r4 = 0
            call bpf_loop#181
            r0 = 1
            exit
            body:
            r3 = 0
            r3 += 1
            r3 += 1
            r0 = 0
            exit
            """;

    private uint TestRun(int program, int repeat)
    {
        _kit.Machine.TestRun(program, new byte[64], repeat, 0, out var result).Should().Be(Errno.None);
        result.Status.Should().Be(RunStatus.Returned);
        return (uint)result.Value;
    }

    private Errno Insert(int program, int index = 0) =>
        _kit.Machine.MapUpdate(_table, BitConverter.GetBytes(index), BitConverter.GetBytes(program));

    private int LoadLeaf() => _kit.LoadFor(MachineKit.Create, MachineKit.Returns(1));

    private int LoadCallee(int storage) =>
        _kit.LoadFor(MachineKit.Create, string.Format(Counts, 100) + "\nr0 = 1\nexit", ("storage", storage));

    private int LoadCaller(int storage)
    {
        var outcome = TryLoadCaller(storage);
        outcome.Errno.Should().Be(Errno.None, outcome.Log);
        return outcome.Descriptor;
    }

    private LoadOutcome TryLoadCaller(int? storage) =>
        _kit.TryLoad(
            ProgramType.CgroupSock,
            MachineKit.Create,
            string.Format(Caller, storage is null ? "" : string.Format(Counts, 1)),
            storage is { } map ? [("storage", map), ("table", _table)] : [("table", _table)]
        );
}
