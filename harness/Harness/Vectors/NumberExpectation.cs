namespace Conformance.Harness.Vectors;

/// <summary>A number, or the name of one that was bound before.</summary>
/// <param name="Value">The number, where <paramref name="Name"/> is null.</param>
/// <param name="Name">The name, without its <c>@</c>.</param>
public readonly record struct NumberTerm(ulong Value, string? Name = null)
{
    /// <inheritdoc/>
    public override string ToString() => Name is null ? NumberText.Of(Value) : $"@{Name}";
}

/// <summary>What is expected of a number. Every member that is there must hold.</summary>
public sealed record NumberExpectation
{
    /// <summary>Equal to this.</summary>
    public NumberTerm? EqualTo { get; init; }

    /// <summary>Different from each of these.</summary>
    public IReadOnlyList<NumberTerm> Not { get; init; } = [];

    /// <summary>At least this, unsigned.</summary>
    public ulong? Min { get; init; }

    /// <summary>At most this, unsigned.</summary>
    public ulong? Max { get; init; }

    /// <summary>A multiple of this.</summary>
    public ulong? Aligned { get; init; }

    /// <summary>Remember the number under this name.</summary>
    public string? Bind { get; init; }
}

/// <summary>Numbers as text: small ones decimal, others hexadecimal.</summary>
internal static class NumberText
{
    private const ulong LargestDecimal = 65535;

    public static string Of(ulong value) => value <= LargestDecimal ? $"{value}" : $"0x{value:x}";
}
