using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>One run of one case on one machine: sends, records, and asks the judge after each step.</summary>
internal sealed class CaseRun(IVirtualMachine machine, Case @case, RuleCatalogue rules, RunnerOptions options)
{
    private readonly List<StepRecord> _records = [];
    private TimeSpan _waited;

    private JudgeContext _context = null!; // Set by Run, within reach of its catch: asking a machine who it is may throw.

    /// <summary>The result without its duration.</summary>
    public CaseResult Run()
    {
        var result = End(RunSteps());
        return result with
        {
            Waited = _waited,
            StandardError = result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored ? machine.StandardError : [],
        };
    }

    // What was sent ahead may still break the machine: that is this case's doing, and no other's.
    private CaseResult End(CaseResult result)
    {
        try
        {
            machine.Forgo();
            return result;
        }
#pragma warning disable CA1031 // Whatever an adapter throws costs this case, not the run.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            return result with { Aftermath = TextOf(broken) };
        }
    }

    private CaseResult RunSteps()
    {
        try
        {
            var identity = machine.Identity;
            if (ReasonNotToRun(identity) is { } reason)
                return new CaseResult(@case, CaseOutcome.NotApplicable) { Reason = reason };
            var defaultRule = DefaultRule(@case.Vector, rules, identity);
            _context = new JudgeContext(rules, identity, defaultRule, ImmutableDictionary<string, ulong>.Empty);
            machine.Reset();
            foreach (var stretch in Stretch.Of(@case, _context))
            {
                machine.Announce(stretch.Operations);
                foreach (var (step, operation) in stretch.Steps)
                {
                    if (DoTimed(step, operation) is { } end)
                        return end with { Steps = _records };
                }
            }

            return new CaseResult(@case, CaseOutcome.Passed) { Steps = _records };
        }
        catch (Exception broken)
        {
            // Whatever an adapter throws costs this case, not the run.
            return Errored(TextOf(broken)) with { Steps = _records };
        }
    }

    private static string TextOf(Exception broken) =>
        broken is AdapterException ? broken.Message : $"{broken.GetType().Name}: {broken.Message}";

    private string? ReasonNotToRun(MachineIdentity identity)
    {
        if (@case.CpusNeeded > identity.Cpus)
            return $"the case needs {@case.CpusNeeded} CPUs and {identity.Name} has {identity.Cpus}";
        var reasons = @case.Vector.Rules.Select(id => rules[id].ReasonNotToApply(identity)).ToArray();
        return Array.TrueForAll(reasons, reason => reason is not null) ? reasons[0] : null;
    }

    // A rule that does not bind the machine is judged by none of its steps.
    private static string DefaultRule(Vector vector, RuleCatalogue rules, MachineIdentity machine) =>
        vector.Rules.FirstOrDefault(id => rules[id].ReasonNotToApply(machine) is null) ?? vector.Rules[0];

    /// <summary>Null where the run goes on.</summary>
    private CaseResult? DoTimed(Step step, Operation operation)
    {
        if (!step.Waits)
            return Do(step, operation);
        var start = options.Clock.GetTimestamp();
        var end = Do(step, operation);
        _waited += options.Clock.GetElapsedTime(start);
        return end;
    }

    /// <summary>Null where the run goes on.</summary>
    private CaseResult? Do(Step step, Operation operation)
    {
        var start = options.Clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            List<Observation> observations = [Send(operation)];
            var answer = observations[0].Answer;
            if (answer.Refusal is { } refusal && _context.SpeaksOfOlderKernels(step))
                answer = refusal;
            if (Hindrance(step, answer) is { } hindrance)
                return Record(step, observations, attempt, hindrance);

            Answer? forbiddenRun = null;
            if (Judge.NeedsForbiddenRun(step, answer, _context))
            {
                forbiddenRun = RunForbidden((ProgLoad)operation, observations);
                if (Hindrance(step, forbiddenRun) is { } inRun)
                    return Record(step, observations, attempt, inRun);
            }

            var judgement = Judge.Of(step, answer, forbiddenRun, _context);
            if (judgement.Violation is null)
            {
                _context = _context with { Bindings = judgement.Bindings };
                return Record(step, observations, attempt, end: null);
            }

            if (!step.Eventually || options.Clock.GetElapsedTime(start) >= options.EventuallyLimit)
                return Record(step, observations, attempt, Failed(step, judgement.Violation), judgement.Violation);
            options.Pause(options.EventuallyPause);
        }
    }

    // vectors/README.md, "forbidden": attach to a cgroup of its own at the expected attach type, fire once.
    private Answer RunForbidden(ProgLoad load, List<Observation> observations)
    {
        // Names of vectors have no colon.
        var cgroup = $"forbidden:{load.Program}";
        Operation[] operations =
        [
            new CgroupCreate(cgroup),
            new ProgAttach(load.Program, cgroup, load.ExpectedAttachType),
            new Fire(load.ExpectedAttachType, cgroup),
        ];
        foreach (var operation in operations)
        {
            observations.Add(Send(operation));
            if (observations[^1].Answer.Kind != AnswerKind.Ok)
                break;
        }

        return observations[^1].Answer;
    }

    private Observation Send(Operation operation) => new(operation, machine.Perform(operation));

    /// <summary>What keeps the step from being judged, or null.</summary>
    private CaseResult? Hindrance(Step step, Answer answer)
    {
        if (answer.Kind == AnswerKind.Broken)
            return Errored(answer.Message ?? "the machine reports that it is broken");
        if (answer.Kind == AnswerKind.Unsupported)
        {
            // Where nothing is judged of a step, nothing is missed, unless later steps need what it would have made.
            return _context.Judges(step) || (Makes(step) && !IsLast(step))
                ? new CaseResult(@case, CaseOutcome.NotApplicable)
                {
                    Reason = answer.Message ?? $"{_context.Machine.Name} does not offer {step.Op}",
                }
                : null;
        }

        if (step.Tracks.Count == 0 || answer.Kind != AnswerKind.Ok)
            return null;
        var tracks = answer.Tracks ?? [];
        var complete =
            tracks.Count == step.Tracks.Count
            && step.Tracks.Zip(tracks).All(pair => pair.First.Steps.Count == pair.Second.Count);
        if (!complete)
            return Errored(
                "the answer to a parallel operation does not hold one answer for each operation of each track"
            );
        return step
            .Tracks.Zip(tracks)
            .SelectMany(pair => pair.First.Steps.Zip(pair.Second))
            .Select(pair => Hindrance(pair.First, pair.Second))
            .FirstOrDefault(hindrance => hindrance is not null);
    }

    private static bool Makes(Step step) =>
        step.Op
            is "cgroup_create"
                or "map_create"
                or "map_reopen"
                or "prog_load"
                or "link_create"
                or "socket_create"
                or "socket_accept";

    private bool IsLast(Step step) => @case.Steps is [.., var last] && ReferenceEquals(step, last);

    private CaseResult? Record(
        Step step,
        List<Observation> observations,
        int attempts,
        CaseResult? end,
        Violation? violation = null
    )
    {
        _records.Add(new StepRecord(step, observations, attempts, violation));
        return end;
    }

    private CaseResult Errored(string reason) => new(@case, CaseOutcome.Errored) { Reason = reason };

    private CaseResult Failed(Step step, Violation violation) =>
        new(@case, CaseOutcome.Failed)
        {
            Failure = new Failure(
                rules[violation.Rule],
                step.Index,
                violation.Step.Text,
                violation.Expected,
                violation.Actual
            )
            {
                Pointer = violation.Step.Pointer,
                Log = violation.Log,
            },
        };
}
