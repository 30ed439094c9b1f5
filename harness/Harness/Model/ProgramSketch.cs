using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Model;

/// <summary>
/// A program, known by what it does. The model never sees bytecode; Generation/SketchSource writes a sketch down as a real one.
/// </summary>
/// <param name="Name">The name under which it is loaded.</param>
/// <param name="Type">Its type.</param>
/// <param name="Expected">Its expected attach type.</param>
/// <param name="Effects">What a run does to storages, in order.</param>
/// <param name="Verdict">What a run returns.</param>
public sealed record ProgramSketch(
    string Name,
    ProgramType Type,
    AttachType Expected,
    IReadOnlyList<Effect> Effects,
    Verdict Verdict
)
{
    /// <summary>The second argument it passes to the helper.</summary>
    public ulong HelperFlags { get; init; }

    /// <summary>Every map it refers to, once each, in order of first reference.</summary>
    public IEnumerable<string> Maps => Effects.Select(effect => effect.Map).Concat(Verdict.MapsRead).Distinct();

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Names.Of(Type)}/{Names.Of(Expected)}: {string.Join(", ", Effects)}{(Effects.Count > 0 ? ", " : "")}{Verdict}"
        + (HelperFlags == 0 ? "" : $", helper flags {HelperFlags:x}");
}

/// <summary>One thing a program does with the storage of a map.</summary>
public abstract record Effect(string Map)
{
    /// <summary>How many bytes of the value it needs; 0 where it does not call the helper.</summary>
    public abstract int Reach { get; }

    /// <summary>Whether it loads from the value. An atomic operation does both.</summary>
    public virtual bool Loads => Reach > 0;

    /// <summary>Whether it stores to the value.</summary>
    public virtual bool Stores => Reach > 0;
}

/// <summary>Refers to the map without ever calling the helper. That alone makes an attachment have a storage.</summary>
public sealed record Refer(string Map) : Effect(Map)
{
    /// <inheritdoc/>
    public override int Reach => 0;

    /// <inheritdoc/>
    public override string ToString() => $"refer to {Map}";
}

/// <summary>Adds to the 64-bit field at offset 0, atomically.</summary>
public sealed record Add(string Map, ulong Delta) : Effect(Map)
{
    /// <inheritdoc/>
    public override int Reach => 8;

    /// <inheritdoc/>
    public override string ToString() => $"{Map} += {Delta}";
}

/// <summary>Appends a decimal digit to the 64-bit field at offset 0, so that the value tells in which order programs ran.</summary>
public sealed record Append(string Map, uint Digit) : Effect(Map)
{
    /// <inheritdoc/>
    public override int Reach => 8;

    /// <inheritdoc/>
    public override string ToString() => $"{Map} = {Map} * 10 + {Digit}";
}

/// <summary>Stores the pointer that the helper returned into the storage itself, at offset 8.</summary>
public sealed record WritePointer(string Map) : Effect(Map)
{
    /// <summary>Where the pointer goes.</summary>
    public const int Offset = 8;

    /// <inheritdoc/>
    public override int Reach => Offset + sizeof(ulong);

    /// <inheritdoc/>
    public override bool Loads => false;

    /// <inheritdoc/>
    public override string ToString() => $"{Map}[8] = pointer";
}

/// <summary>What a program returns.</summary>
public abstract record Verdict
{
    /// <summary>The map whose storage decides, if any.</summary>
    public virtual IEnumerable<string> MapsRead => [];
}

/// <summary>Returns 1.</summary>
public sealed record Allow : Verdict
{
    /// <inheritdoc/>
    public override string ToString() => "allow";
}

/// <summary>Returns 0.</summary>
public sealed record Deny : Verdict
{
    /// <inheritdoc/>
    public override string ToString() => "deny";
}

/// <summary>Returns 1 if the 64-bit field at offset 0 is at least <paramref name="Least"/> after the run's effects, else 0.</summary>
public sealed record AllowFrom(string Map, ulong Least) : Verdict
{
    /// <inheritdoc/>
    public override IEnumerable<string> MapsRead => [Map];

    /// <inheritdoc/>
    public override string ToString() => $"allow if {Map} >= {Least}";
}
