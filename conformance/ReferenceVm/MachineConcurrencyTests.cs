using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm;

/// <summary>Runs beside runs and beside changes (kernel-facts (e)). Threads wait for each other by what they wait for, never by time.</summary>
public sealed class MachineConcurrencyTests : IDisposable
{
    private const int Rounds = 20_000;

    // Says that it is there, waits until it is told to go on, and adds to its storage before and after.
    private const string Waits = """
        r1 = map[storage] ll
        r2 = 0
        call bpf_get_local_storage#81
        r7 = r0
        r1 = 1
        lock *(u64 *)(r7 + 0) += r1
        *(u32 *)(r10 - 4) = 0
        r1 = map[flags] ll
        r2 = r10
        r2 += -4
        call bpf_map_lookup_elem#1
        if r0 == 0 goto done
        r6 = r0
        r1 = 1
        *(u64 *)(r6 + 0) = r1
        r1 = 8388608
        r2 = func[poll] ll
        r3 = 0
        r4 = 0
        call bpf_loop#181
        r1 = map[storage] ll
        r2 = 0
        call bpf_get_local_storage#81
        r1 = 100
        lock *(u64 *)(r0 + 0) += r1
        r1 = 1000
        lock *(u64 *)(r7 + 0) += r1
        done:
        r0 = 1
        exit
        poll:
        *(u32 *)(r10 - 4) = 0
        r1 = map[flags] ll
        r2 = r10
        r2 += -4
        call bpf_map_lookup_elem#1
        if r0 == 0 goto stop
        r2 = *(u64 *)(r0 + 8)
        r0 = 0
        if r2 == 0 goto again
        stop:
        r0 = 1
        again:
        exit
        """;

    private readonly MachineKit _kit = new(limits: new Limits { RunInstructions = 100_000_000 });
    private readonly int _cgroup;
    private readonly int _flags;
    private readonly int _storage;

    public MachineConcurrencyTests()
    {
        _cgroup = _kit.Cgroup();
        _flags = _kit.Map(MapType.Array, 4, 16, maxEntries: 1);
        _storage = _kit.StorageMap();
    }

    public void Dispose() => _kit.Dispose();

    [Fact]
    public void Atomic_additions_on_two_cpus_are_exact()
    {
        _kit.Attach(_kit.LoadAdds(1, _storage), _cgroup);

        RunTogether(() => _kit.Fire(_cgroup, cpu: 0, times: Rounds), () => _kit.Fire(_cgroup, cpu: 1, times: Rounds));

        _kit.Read(_storage, _cgroup).Should().Be(2 * Rounds);
    }

    [Fact]
    public void Plain_additions_to_a_cpus_own_area_are_exact_also_from_two_threads_on_one_cpu()
    {
        var perCpu = _kit.Map(MapType.PercpuCgroupStorage, 16, 8);
        var program = _kit.LoadFor(
            MachineKit.Create,
            """
            r1 = map[storage] ll
            r2 = 0
            call bpf_get_local_storage#81
            r1 = *(u64 *)(r0 + 0)
            r1 += 1
            *(u64 *)(r0 + 0) = r1
            r0 = 1
            exit
            """,
            ("storage", perCpu)
        );
        _kit.Attach(program, _cgroup);

        RunTogether(
            () => _kit.Fire(_cgroup, cpu: 0, times: Rounds),
            () => _kit.Fire(_cgroup, cpu: 1, times: Rounds),
            () => _kit.Fire(_cgroup, cpu: 1, times: Rounds)
        );

        _kit.Read(perCpu, _kit.Key(perCpu, _cgroup), offset: 0).Should().Be(Rounds);
        _kit.Read(perCpu, _kit.Key(perCpu, _cgroup), offset: 8).Should().Be(2 * Rounds);
    }

    [Fact]
    public void An_event_on_a_busy_cpu_runs_nested_and_the_outer_run_keeps_its_own_storage()
    {
        var inner = _kit.Cgroup();
        _kit.Attach(LoadWaiting(), _cgroup);
        _kit.Attach(_kit.LoadAdds(7, _storage), inner);

        RunTogether(
            () => _kit.Fire(_cgroup, cpu: 0),
            () =>
            {
                AwaitArrival();
                _kit.Fire(inner, cpu: 0);
                LetGo();
            }
        );

        _kit.Read(_storage, _cgroup).Should().Be(1101);
        _kit.Read(_storage, inner).Should().Be(7);
    }

    [Fact]
    public void A_pointer_taken_before_an_update_stays_usable_and_its_stores_are_lost()
    {
        _kit.Attach(LoadWaiting(), _cgroup);

        RunTogether(
            () => _kit.Fire(_cgroup, cpu: 0),
            () =>
            {
                AwaitArrival();
                _kit.Write(_storage, _kit.Key(_storage, _cgroup), 22).Should().Be(Errno.None);
                LetGo();
            }
        );

        _kit.Read(_storage, _cgroup)
            .Should()
            .Be(122, "the second call saw the new buffer, the old pointer the old one");
    }

    [Fact]
    public void Everything_may_be_taken_away_during_a_run()
    {
        var program = LoadWaiting();
        _kit.Attach(program, _cgroup);
        var id = _kit.Machine.MapOf(_storage)!.Id;

        RunTogether(
            () => _kit.Fire(_cgroup, cpu: 0),
            () =>
            {
                AwaitArrival();
                _kit.Machine.ProgDetach(program, _cgroup, MachineKit.Create).Should().Be(Errno.None);
                _kit.Machine.CgroupRemove(_cgroup).Should().Be(Errno.None);
                _kit.Machine.Close(program).Should().Be(Errno.None);
                _kit.Machine.Close(_storage).Should().Be(Errno.None);
                _kit.Machine.MapGetById(id, out _).Should().Be(Errno.ENOENT);
                LetGo();
            }
        );
    }

    [Fact]
    public void Attaching_and_detaching_beside_runs_disturbs_nothing()
    {
        var steady = _kit.LoadAdds(1, _storage);
        var fleeting = _kit.LoadAdds(1, _kit.StorageMap());
        _kit.Attach(steady, _cgroup);

        RunTogether(
            () => _kit.Fire(_cgroup, cpu: 0, times: Rounds),
            () =>
            {
                for (var round = 0; round < 1000; round++)
                {
                    _kit.Attach(fleeting, _cgroup);
                    _kit.Machine.ProgDetach(fleeting, _cgroup, MachineKit.Create).Should().Be(Errno.None);
                }
            }
        );

        _kit.Read(_storage, _cgroup).Should().Be(Rounds);
    }

    [Fact]
    public void A_reset_during_an_event_is_refused()
    {
        _kit.Attach(LoadWaiting(), _cgroup);
        var reset = () => _kit.Machine.Reset();

        RunTogether(
            () => _kit.Fire(_cgroup, cpu: 0),
            () =>
            {
                AwaitArrival();
                reset.Should().Throw<InvalidOperationException>();
                LetGo();
            }
        );

        reset.Should().NotThrow();
    }

    private static void RunTogether(params Action[] actions)
    {
        var tasks = actions
            .Select(action =>
                Task.Factory.StartNew(
                    action,
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        Task.WaitAll(tasks);
    }

    private int LoadWaiting() => _kit.LoadFor(MachineKit.Create, Waits, ("storage", _storage), ("flags", _flags));

    private void AwaitArrival()
    {
        while (_kit.Read(_flags, new byte[4]) == 0)
        {
            Thread.Yield();
        }
    }

    private void LetGo()
    {
        var value = new byte[16];
        value[0] = 1;
        value[8] = 1;
        _kit.Machine.MapUpdate(_flags, new byte[4], value).Should().Be(Errno.None);
    }
}
