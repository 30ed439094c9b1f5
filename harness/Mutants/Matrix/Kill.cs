using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Mutants.Matrix;

/// <summary>A vector that fails on a mutant.</summary>
/// <param name="Vector">The vector.</param>
/// <param name="Case">Id of its first case that fails.</param>
/// <param name="Rule">Id of the rule that the failure names.</param>
public sealed record Kill(Vector Vector, string Case, string Rule);

/// <summary>How the vectors fared against one mutant.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Kills">The vectors that fail on it, in the order of the suite.</param>
/// <param name="Broken">Cases in which the mutant did not do its job at all, with the reason: it should be wrong, not broken.</param>
public sealed record MutantResult(Mutant Mutant, IReadOnlyList<Kill> Kills, IReadOnlyList<CaseResult> Broken)
{
    /// <summary>The kills whose failure names a rule that the mutant breaks.</summary>
    public IReadOnlyList<Kill> ByItsRule { get; } = [.. Kills.Where(kill => Mutant.Rules.Contains(kill.Rule))];

    /// <summary>Whether no vector fails on it.</summary>
    public bool Survives => Kills.Count == 0;

    /// <summary>Whether vectors fail on it, but none by a rule that it breaks.</summary>
    public bool IsKilledElsewhere => Kills.Count > 0 && ByItsRule.Count == 0;
}
