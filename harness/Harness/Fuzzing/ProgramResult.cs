namespace Conformance.Harness.Fuzzing;

/// <summary>What a run of a random program left behind, as far as it can be seen from outside.</summary>
/// <param name="Lines">How the event ended, then every map's contents: one line each, in a fixed order.</param>
internal sealed record ProgramResult(IReadOnlyList<string> Lines)
{
    /// <summary>How the event ended, in full: what the lines leave out is the network's doing, but still follows from what the program wrote.</summary>
    public string Ending { get; init; } = "";

    /// <summary>Why the run was stopped, where it was.</summary>
    public string? Trap { get; init; }

    /// <summary>Whether the run's budget ended before the run did.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>The first line that differs, in words; null where none does.</summary>
    public string? Difference(ProgramResult other, string name, string otherName)
    {
        var count = Math.Max(Lines.Count, other.Lines.Count);
        for (var i = 0; i < count; i++)
        {
            var (left, right) = (Lines.ElementAtOrDefault(i), other.Lines.ElementAtOrDefault(i));
            if (left != right)
            {
                return $"{name}: {left ?? "nothing"}; {otherName}: {right ?? "nothing"}";
            }
        }

        return null;
    }
}
