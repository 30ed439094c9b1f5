using Conformance.Cli;
using Conformance.Harness.Vectors;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;
using Conformance.ReferenceVm.Programs;
using Conformance.Tests.Cli;

namespace Conformance.Tests.Linux;

/// <summary>What a run leaves behind, however it ends: nothing, or what the next run removes.</summary>
public sealed class LeftBehindTests : IDisposable
{
    private const int KilledBySignal = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Attaches, fires, and then waits for a value that never comes.</summary>
    private const string Waiting = """
        {
          "id": "sample.waiting",
          "title": "A case that does not end by itself for a while",
          "rules": ["sample.written"],
          "catches": "nothing: somebody else ends it",
          "for_each": { "attach_type": ["cgroup_device"] },
          "cgroups": { "a": null, "b": "a" },
          "maps": { "storage": { "type": "cgroup_storage", "key_size": 8, "value_size": 8 } },
          "programs": {
            "touch": { "source": ["r1 = map[storage] ll", "r2 = 0", "call bpf_get_local_storage#81", "r0 = 1", "exit"] }
          },
          "steps": [
            { "op": "prog_attach", "program": "touch", "cgroup": "b" },
            { "op": "link_create", "link": "l", "program": "touch", "cgroup": "a" },
            { "op": "fire", "cgroup": "b" },
            { "op": "parallel", "tracks": [
              { "name": "wait", "steps": [
                { "op": "await", "map": "storage", "key": { "cgroup": "b" }, "offset": 0, "at_least": 1 } ] } ] }
          ]
        }
        """;

    private readonly SampleVectors _samples = new();
    private readonly string[] _mounts = CgroupMounts();

    [LiveKernelFact]
    public void A_run_that_succeeds_leaves_nothing()
    {
        using var run = ChildRun.Start(_samples.Folder, "sample.*");

        run.End().Should().Be(ExitCode.Ok, run.Output);

        NothingIsLeftOf(run);
    }

    [LiveKernelFact]
    public void A_run_that_fails_leaves_nothing()
    {
        _samples.Change("sample/written.json", "\"min\": 7", "\"min\": 8");
        using var run = ChildRun.Start(_samples.Folder, "sample.*");

        run.End().Should().Be(ExitCode.Failures, run.Output);

        NothingIsLeftOf(run);
    }

    [LiveKernelFact]
    public void An_interrupted_run_reports_what_it_has_and_leaves_nothing()
    {
        using var run = ChildRun.Start(VectorLocation.Find()!, "*");
        run.WaitForResults();
        KernelTraces.Cgroups(run.Id).Should().NotBeEmpty("it is in the middle");

        run.Send(ChildRun.Interrupt);

        run.End().Should().Be(ExitCode.Interrupted, run.Output);
        run.Record[^1].Should().Contain("\"record\":\"end\"").And.Contain("\"interrupted\":true");
        NothingIsLeftOf(run);
    }

    [LiveKernelFact]
    public void What_a_killed_run_leaves_is_removed_by_the_next() => KillAndRunAgain("");

    [LiveKernelFact(Needs = "unshare")]
    public void That_is_so_too_where_cgroup2_is_mounted_nowhere() => KillAndRunAgain("umount -a -t cgroup2");

    [LiveKernelFact]
    public void Two_runs_at_once_do_not_disturb_each_other()
    {
        var vectors = VectorLocation.Find()!;
        using var first = ChildRun.Start(vectors, "hierarchy.*");
        first.WaitForResults();
        first.Send(ChildRun.Stop);

        // The second one's whole life passes while the first one is alive; what it sweeps at its start must not be the first one's.
        using var second = ChildRun.Start(vectors, "hierarchy.*");
        second.WaitForResults();
        first.Send(ChildRun.Continue);

        second.End().Should().Be(ExitCode.Ok, second.Output);
        first.End().Should().Be(ExitCode.Ok, first.Output);
        NothingIsLeftOf(first);
        NothingIsLeftOf(second);
    }

    [LiveKernelFact(Needs = "unshare")]
    public void A_run_whose_own_cgroup_is_removed_meanwhile_goes_to_the_one_above()
    {
        using var above = new HeldCgroup($"{Leftovers.Prefix}{Environment.ProcessId}-home");
        var home = Directory.CreateDirectory($"{above.Path}/home").FullName;
        using var run = ChildRun.Start(VectorLocation.Find()!, "*", $"echo $$ > {home}/cgroup.procs");
        run.WaitForResults();
        Directory.Delete(home);

        run.Send(ChildRun.Interrupt);

        run.End().Should().Be(ExitCode.Interrupted, run.Output);
        NothingIsLeftOf(run);
    }

    public void Dispose() => _samples.Dispose();

    private void KillAndRunAgain(string before)
    {
        _samples.Write("sample/waiting.json", Waiting);
        using var killed = ChildRun.Start(_samples.Folder, "sample.waiting*", before);
        killed.Wait(() => KernelTraces.Attached(killed.Id, (uint)AttachType.CgroupDevice) > 1, "the attachments");
        using (HoldLockOf(killed))
        {
            killed.Send(ChildRun.Kill);
            killed.End().Should().Be(KilledBySignal + ChildRun.Kill);

            // The attachment outlives the process; the link does not.
            KernelTraces.Cgroups(killed.Id).Should().HaveCount(3);
            Eventually(() => KernelTraces.Attached(killed.Id, (uint)AttachType.CgroupDevice) == 1, "the link is gone");
            KernelTraces.Of(killed.Id).Should().Contain(trace => trace.StartsWith("program "));
        }

        using var next = ChildRun.Start(_samples.Folder, "sample.written*", before);
        next.End().Should().Be(ExitCode.Ok, next.Output);

        NothingIsLeftOf(killed);
        NothingIsLeftOf(next);
    }

    /// <summary>Takes the lock of the run's cgroup the moment the run dies, so that no other run on this machine sweeps it yet.</summary>
    private static IDisposable HoldLockOf(ChildRun run) => new HeldLock(run.Id);

    private void NothingIsLeftOf(ChildRun run)
    {
        // At once: waiting would let a sweep of another run do it.
        KernelTraces.Cgroups(run.Id).Should().BeEmpty();
        // The kernel frees programs and maps a little later.
        IReadOnlyList<string> traces = [];
        SpinWait.SpinUntil(() => (traces = KernelTraces.Of(run.Id)).Count == 0, Patience);
        traces.Should().BeEmpty();
        CgroupMounts().Should().Equal(_mounts);
    }

    private static void Eventually(Func<bool> condition, string what) =>
        SpinWait.SpinUntil(condition, Patience).Should().BeTrue(what);

    private static Descriptor Open(CgroupRoot root, string name) =>
        new(Libc.OpenAt(root.Descriptor, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC));

    private static string[] CgroupMounts() =>
        [.. File.ReadLines("/proc/self/mounts").Where(line => line.Contains("cgroup", StringComparison.Ordinal))];

    /// <summary>A cgroup of this test's own, locked as a run's is.</summary>
    private sealed class HeldCgroup : IDisposable
    {
        private readonly CgroupRoot _root = CgroupRoot.Open();
        private readonly Descriptor _directory;

        public HeldCgroup(string name)
        {
            Directory.CreateDirectory($"{_root.Path}/{name}");
            _directory = Open(_root, name);
            Leftovers.TryLock(_directory.Number).Should().BeTrue();
            Path = $"/proc/{Environment.ProcessId}/fd/{_root.Descriptor}/{name}";
        }

        /// <summary>A path for other processes too, wherever the hierarchy is mounted.</summary>
        public string Path { get; }

        public void Dispose()
        {
            Leftovers.Remove(Path);
            _directory.Dispose();
            _root.Dispose();
        }
    }

    private sealed class HeldLock : IDisposable
    {
        private readonly Descriptor _directory;
        private readonly Task _held;

        public HeldLock(int process)
        {
            const int Exclusive = 2;
            using var root = CgroupRoot.Open();
            _directory = Open(root, Leftovers.Prefix + process);
            _held = Task.Run(() => Libc.Flock(_directory.Number, Exclusive));
        }

        public void Dispose()
        {
            _held.Wait();
            _directory.Dispose();
        }
    }
}
