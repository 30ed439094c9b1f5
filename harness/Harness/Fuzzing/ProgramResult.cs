namespace Conformance.Harness.Fuzzing;

/// <summary>Something that can be seen after a run.</summary>
/// <param name="Name">The event, a map or a part of one.</param>
/// <param name="Value">How the event ended, or what is there.</param>
internal readonly record struct ResultLine(string Name, string Value)
{
    public override string ToString() => $"{Name} {Value}";
}

/// <summary>The first lines of two results that differ; null where one of them has ended.</summary>
internal sealed record ResultDifference(ResultLine? Left, ResultLine? Right)
{
    public string Name => (Left ?? Right)?.Name ?? "";

    /// <param name="name">Whose result the left one is.</param>
    /// <param name="otherName">Whose the right one is.</param>
    public string Text(string name, string otherName) =>
        $"{name}: {Left?.ToString() ?? "nothing"}; {otherName}: {Right?.ToString() ?? "nothing"}";
}

/// <summary>What a run of a random program left behind, as far as it can be seen from outside.</summary>
/// <param name="Lines">How the event ended, then every map's contents: one line each, in a fixed order.</param>
internal sealed record ProgramResult(IReadOnlyList<ResultLine> Lines)
{
    /// <summary>How the event ended, in full: what the lines leave out is the network's doing, but still follows from what the program wrote.</summary>
    public string Ending { get; init; } = "";

    /// <summary>Why the run was stopped, where it was.</summary>
    public string? Trap { get; init; }

    /// <summary>Whether the run's budget ended before the run did.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>Whether what happened is nothing that a machine defines.</summary>
    public bool IsUndefined { get; init; }

    /// <summary>The first line that differs; null where none does.</summary>
    public ResultDifference? Difference(ProgramResult other)
    {
        var count = Math.Max(Lines.Count, other.Lines.Count);
        for (var i = 0; i < count; i++)
        {
            var (left, right) = (LineAt(i), other.LineAt(i));
            if (left != right)
            {
                return new ResultDifference(left, right);
            }
        }

        return null;
    }

    private ResultLine? LineAt(int index) => index < Lines.Count ? Lines[index] : null;
}
