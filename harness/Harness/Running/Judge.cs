using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>What a judgement needs besides the step and its answer.</summary>
/// <param name="Rules">The catalogue.</param>
/// <param name="Machine">The machine: it decides which rules apply.</param>
/// <param name="DefaultRule">Id of the rule that a step without expectations judges: it must succeed.</param>
/// <param name="Bindings">Numbers bound so far, by name.</param>
public sealed record JudgeContext(
    RuleCatalogue Rules,
    MachineIdentity Machine,
    string DefaultRule,
    ImmutableDictionary<string, ulong> Bindings
)
{
    /// <summary>Whether this expectation binds the machine.</summary>
    public bool Applies(Expectation expectation) => Rules[expectation.Rule].ReasonNotToApply(Machine) is null;

    /// <summary>Whether a rule about kernels that are no more judges this step: to it their refusals are what is expected, and no lack.</summary>
    public bool SpeaksOfOlderKernels(Step step) =>
        step.Expectations.Any(expectation => Rules[expectation.Rule].Until is not null && Applies(expectation));

    /// <summary>Whether anything is judged of this step.</summary>
    public bool Judges(Step step) => step.Expectations.Count == 0 || step.Expectations.Any(Applies);
}

/// <summary>The judge's word on one step.</summary>
/// <param name="Violation">What was broken, or null.</param>
/// <param name="Bindings">The bindings after the step; after a violation, those before it.</param>
public sealed record Judgement(Violation? Violation, ImmutableDictionary<string, ulong> Bindings);

/// <summary>
/// Compares what was observed with what is expected. A pure function. Unsupported and broken answers are not its business: the
/// runner takes them out before.
/// </summary>
public static class Judge
{
    /// <summary>Judges a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="answer">The machine's answer to its operation.</param>
    /// <param name="forbiddenRun">Where a program that is forbidden was loaded: what became of running it.</param>
    /// <param name="context">Rules, machine, bindings.</param>
    public static Judgement Of(Step step, Answer answer, Answer? forbiddenRun, JudgeContext context)
    {
        if (step.Tracks.Count > 0 && answer is { Kind: AnswerKind.Ok, Tracks: { } tracks })
            return OfTracks(step, tracks, context);

        var bindings = context.Bindings;
        var expectations =
            step.Expectations.Count == 0 ? [new Expectation(context.DefaultRule, [])] : step.Expectations;
        foreach (var expectation in expectations)
        {
            // An expectation that does not bind the machine still names numbers that later ones may speak of.
            var demand = new Demand(expectation, bindings, context.Machine);
            if (demand.Examine(step, answer, forbiddenRun) is { } difference && context.Applies(expectation))
            {
                var log = forbiddenRun?.Message ?? answer.Message;
                return new Judgement(
                    new Violation(expectation.Rule, step, difference.Expected, difference.Actual, log),
                    context.Bindings
                );
            }

            bindings = demand.Bindings;
        }

        return new Judgement(Violation: null, bindings);
    }

    /// <summary>Whether a step's program must be run where it could be loaded, to see whether it is stopped.</summary>
    public static bool NeedsForbiddenRun(Step step, Answer answer, JudgeContext context) =>
        answer.Kind == AnswerKind.Ok
        && step.Expectations.Where(context.Applies).Any(expected => expected.Conditions.Any(one => one is IsForbidden));

    // Tracks are judged one after the other, in the order of the file, whatever order they ran in.
    private static Judgement OfTracks(Step step, IReadOnlyList<IReadOnlyList<Answer>> tracks, JudgeContext context)
    {
        var now = context;
        foreach (var (track, answers) in step.Tracks.Zip(tracks))
        {
            foreach (var (inner, answer) in track.Steps.Zip(answers))
            {
                var judgement = Of(inner, answer, forbiddenRun: null, now);
                if (judgement.Violation is not null)
                    return judgement with { Bindings = context.Bindings };
                now = now with { Bindings = judgement.Bindings };
            }
        }

        return new Judgement(Violation: null, now.Bindings);
    }
}
