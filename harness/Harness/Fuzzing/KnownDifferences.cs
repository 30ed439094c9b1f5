namespace Conformance.Harness.Fuzzing;

/// <summary>
/// Verdicts that differ for a reason that is known. Each is a sentence that must hold for every program it explains: this list is no place to put away what
/// nobody has looked at.
/// </summary>
public static class KnownDifferences
{
    /// <summary>Why two verdicts differ, or null where that is not known.</summary>
    public static string? Explain(LoadVerdict first, LoadVerdict second) =>
        (first, second) switch
        {
            ({ Accepted: true }, { Accepted: false } refusal) => Refused(refusal),
            ({ Accepted: false } refusal, { Accepted: true }) => Refused(refusal),
            _ => null,
        };

    private static string? Refused(LoadVerdict refusal) =>
        refusal.Message.StartsWith("verifier bug:", StringComparison.Ordinal)
            ? "the kernel's verifier stopped at a fault of its own"
        : refusal.Message.StartsWith("BPF program is too large.", StringComparison.Ordinal)
        || refusal.Message.StartsWith("The sequence of ", StringComparison.Ordinal)
            ? "how far a verifier walks before it gives up depends on how it prunes, which no rule fixes"
        : null;
}
