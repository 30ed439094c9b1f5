using Conformance.Harness.Running;

namespace Conformance.Harness.Expectations;

/// <summary>Cases that do not simply pass, and why.</summary>
/// <param name="Cases">Which.</param>
/// <param name="Listed">What they are listed as: failed, errored or flaky.</param>
/// <param name="Reason">Why.</param>
public sealed record ExpectationEntry(IReadOnlyList<ExpectationPattern> Cases, CaseOutcome Listed, string Reason)
{
    /// <summary>What the reason of an entry begins with as long as nobody has said why.</summary>
    public const string Unexplained = "unexplained";

    /// <summary>Where it is tracked, as an address of the web; null only while it is unexplained.</summary>
    public string? Link { get; init; }

    /// <summary>Who looks after it; null only while it is unexplained.</summary>
    public string? Owner { get; init; }

    /// <summary>Whatever else there is to say.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether somebody has still to say why.</summary>
    public bool IsUnexplained => Reason.StartsWith(Unexplained, StringComparison.Ordinal);
}

/// <summary>A pattern over ids of cases.</summary>
/// <param name="Text">An id of a case or a vector, in which * and ? may stand for any characters.</param>
public sealed record ExpectationPattern(string Text)
{
    /// <summary>Its place, as errors name it: file, line and JSON pointer. Empty for one that is in no file yet.</summary>
    public string Place { get; init; } = "";
}
