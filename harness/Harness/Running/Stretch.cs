using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>
/// Steps whose operations can be sent without waiting: whatever the answers are, nothing else will be asked in between. A stretch ends behind a step that may
/// be repeated, and behind one that may call for a run of a forbidden program. A running kernel is not asked to go on behind a step that must
/// not succeed either: what it does after accepting what it should refuse is nobody's guess.
/// </summary>
/// <param name="Steps">The steps, each with its operation for the machine at hand.</param>
/// <param name="Operations">The operations.</param>
internal sealed record Stretch(
    IReadOnlyList<(Step Step, Operation Operation)> Steps,
    IReadOnlyList<Operation> Operations
)
{
    /// <summary>The stretches of a case, in order.</summary>
    public static IEnumerable<Stretch> Of(Case @case, JudgeContext context)
    {
        var steps = new List<(Step, Operation)>();
        var operations = new List<Operation>();
        foreach (var step in @case.Setup.Concat(@case.Steps))
        {
            var operation = step.OperationFor(context.Machine.Cpus);
            steps.Add((step, operation));
            operations.Add(operation);
            if (!Ends(step, context))
                continue;
            yield return new Stretch(steps, operations);
            (steps, operations) = ([], []);
        }

        if (steps.Count > 0)
            yield return new Stretch(steps, operations);
    }

    private static bool Ends(Step step, JudgeContext context) =>
        step.Eventually
        || step.Expectations.Any(expectation => expectation.Conditions.Any(one => one is IsForbidden))
        || (context.Machine.LiveArchitecture is not null && MustNotSucceed(step, context));

    private static bool MustNotSucceed(Step step, JudgeContext context) =>
        step
            .Expectations.Where(context.Applies)
            .Any(expectation =>
                expectation.Conditions.Any(one => one is ErrnoIs or IsRefused or IsTrapped or IsExhausted)
            );
}
