using Conformance.Harness.Machines;

namespace Conformance.Cli.Smoke;

/// <summary>One thing an adapter should do, in the order in which one would build it.</summary>
/// <param name="Text">What it is.</param>
/// <param name="Operation">What is asked.</param>
/// <param name="Wanted">What the answer must be, in words.</param>
/// <param name="Holds">Whether an answer is that.</param>
/// <param name="Advice">What to look at where it is not.</param>
internal sealed record SmokeStep(
    string Text,
    Operation Operation,
    string Wanted,
    Func<Answer, bool> Holds,
    string Advice
)
{
    /// <summary>Whether it loads a program that must not be run: where the load succeeds, the answer that counts is the run's.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Whether the machine is reset before it.</summary>
    public bool AfterReset { get; init; }
}
