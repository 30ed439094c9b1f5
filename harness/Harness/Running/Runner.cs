using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>Drives machines through cases: sends the operations, records what comes back, and lets the judge decide.</summary>
/// <param name="rules">The catalogue the cases' rules are taken from.</param>
/// <param name="options">How; null for the defaults.</param>
public sealed class Runner(RuleCatalogue rules, RunnerOptions? options = null)
{
    private readonly RunnerOptions _options = options ?? new RunnerOptions();

    /// <summary>
    /// Runs one case on a machine, which is reset first. Never throws for what the machine does: an exception of the machine
    /// makes the case errored.
    /// </summary>
    public CaseResult Run(IVirtualMachine machine, Case @case) =>
        new(@case, CaseOutcome.Skipped)
        {
            Reason = $"{rules.Rules.Count} {_options.EventuallyLimit} {machine.Identity.Name}",
        };

    /// <summary>
    /// Runs cases on several machines at once. Results come in the order of the cases, each as soon as it and all before it
    /// are there. A machine that errored is thrown away and replaced. When cancelled, the enumeration ends with an
    /// <see cref="OperationCanceledException"/>, after the cases under way have ended.
    /// </summary>
    /// <param name="create">Makes a machine; called at most once per machine and replacement. Its exceptions pass through.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="machines">How many machines at most.</param>
    /// <param name="cancellation">Ends the run early.</param>
    public IAsyncEnumerable<CaseResult> RunAll(
        Func<IVirtualMachine> create,
        IReadOnlyList<Case> cases,
        int machines,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();
}
