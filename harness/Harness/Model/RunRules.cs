using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Model;

/// <summary>Events, and what programs do in them.</summary>
internal static class RunRules
{
    // An Ethernet header: BPF_PROG_TEST_RUN takes no shorter frame.
    private const int ShortestFrame = 14;

    public static (ModelState, Prediction) Fire(ModelState state, Fire fire)
    {
        if (state.Cgroup(fire.Cgroup) is not { Alive: true } cgroup || fire.Cpu >= state.Cpus || fire.Event is not null)
        {
            return (state, Prediction.Open);
        }

        var attachments = CgroupRules.Effective(state, cgroup, fire.AttachType);
        var allowed = true;
        for (var i = 0; i < fire.Times; i++)
        {
            allowed = true;
            // All run, whatever earlier ones returned, each with the storages of its own attachment.
            foreach (var attachment in attachments)
            {
                (state, var allows) = Run(state, attachment, fire.Cpu);
                allowed &= allows;
            }
        }

        return (state, allowed ? Completed : Denied(fire.AttachType));
    }

    public static Prediction TestRun(ModelState state, ProgTestRun run)
    {
        if (ProgramRules.Opened(state, run.Program) is not { Sketch: var program })
        {
            return Prediction.Fail(Errno.EBADF);
        }

        if (program.Type != ProgramType.CgroupSkb)
        {
            return Prediction.Fail(Errno.ENOTSUPP);
        }

        if (run.Data.Length < ShortestFrame)
        {
            return Prediction.Fail(Errno.EINVAL);
        }

        // Storages of its own, zero at first, for as long as the call lasts; nobody else sees them.
        var areas = new Areas(Fresh(state, program, StorageKind.Shared), Fresh(state, program, StorageKind.PerCpu));
        var allowed = true;
        for (var i = 0; i < Math.Max(1, run.Repeat); i++)
        {
            (areas, allowed) = Run(state, program, areas);
        }

        return Prediction.Ok with
        {
            ReturnValue = allowed ? 1u : 0u,
        };
    }

    private static Prediction Completed { get; } = Prediction.Ok with { Outcome = EventOutcome.Completed };

    private static Prediction Denied(AttachType type) =>
        AttachTypeRules.DenialAt(type) switch
        {
            Denial.Fails => Prediction.Ok with { Outcome = EventOutcome.Denied, Errno = Errno.EPERM },
            Denial.Drops => Prediction.Ok with { Outcome = EventOutcome.Dropped },
            _ => Completed,
        };

    private static (ModelState, bool Allowed) Run(ModelState state, Attachment attachment, int cpu)
    {
        var shared = attachment.Shared is { } sharedId ? state.Storage(sharedId) : null;
        var perCpu = attachment.PerCpu is { } perCpuId ? state.Storage(perCpuId) : null;
        var program = state.Programs[attachment.Program].Sketch;
        var (areas, allowed) = Run(state, program, new Areas(shared?.On(cpu), perCpu?.On(cpu)));
        state = shared is null ? state : state.With(shared.With(cpu, areas.Shared!));
        state = perCpu is null ? state : state.With(perCpu.With(cpu, areas.PerCpu!));
        return (state, allowed);
    }

    private static (Areas, bool Allowed) Run(ModelState state, ProgramSketch program, Areas areas)
    {
        foreach (var effect in program.Effects.Where(effect => effect.Reach > 0))
        {
            // The helper looks at nothing of the map but its kind.
            var kind = state.Maps[effect.Map].Kind;
            areas = areas.With(kind, Apply(effect, areas[kind]));
        }

        var allowed = program.Verdict switch
        {
            Deny => false,
            AllowFrom from => areas[state.Maps[from.Map].Kind].Count >= from.Least,
            _ => true,
        };
        return (areas, allowed);
    }

    private static Area Apply(Effect effect, Area area) =>
        effect switch
        {
            Add add => area.WithCount(unchecked(area.Count + add.Delta)),
            Append append => area.WithCount(unchecked(area.Count * 10 + append.Digit)),
            WritePointer => area with { HoldsOwnAddress = true },
            _ => area,
        };

    private static Area? Fresh(ModelState state, ProgramSketch program, StorageKind kind) =>
        ProgramRules.MapOf(state, program, kind) is { } map
            ? Area.Zeroed(kind, state.Maps[map].Definition.ValueSize, 1, 0)[0]
            : null;

    // What the helper can return in one run: one area of each kind at most.
    private sealed record Areas(Area? Shared, Area? PerCpu)
    {
        public Area this[StorageKind kind] => (kind == StorageKind.Shared ? Shared : PerCpu)!;

        public Areas With(StorageKind kind, Area area) =>
            kind == StorageKind.Shared ? this with { Shared = area } : this with { PerCpu = area };
    }
}
