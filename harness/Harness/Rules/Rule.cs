using Conformance.ReferenceVm;

namespace Conformance.Harness.Rules;

/// <summary>Whom a rule binds.</summary>
public enum RuleLevel
{
    /// <summary>Any virtual machine that offers the helper.</summary>
    Core,

    /// <summary>A machine that claims exact Linux behaviour: when, errno, message, order.</summary>
    Linux,
}

/// <summary>How a rule is known to be true.</summary>
public enum RuleEvidence
{
    /// <summary>Measured on a live kernel.</summary>
    Measured,

    /// <summary>Read in the kernel's source only.</summary>
    Source,
}

/// <summary>Why a rule has no vector.</summary>
/// <param name="Kind">What sort of obstacle it is: one of <see cref="Kinds"/>.</param>
/// <param name="Reason">One sentence.</param>
public sealed record NoVector(string Kind, string Reason)
{
    /// <summary>
    /// All kinds: nothing outside the kernel shows it; showing it can harm a kernel; the kernels that certify refuse it by a policy of their
    /// own; it needs a type of program or a kernel interface that the suite leaves out.
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } = ["not_observable", "unsafe", "local_policy", "out_of_scope"];
}

/// <summary>One rule of the catalogue, <c>vectors/rules.json</c>.</summary>
public sealed record Rule
{
    /// <summary>Area and name joined by a dot, for instance <c>pointer.stable-across-runs</c>; never changes.</summary>
    public required string Id { get; init; }

    /// <summary>The rule, as one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Whom it binds.</summary>
    public required RuleLevel Level { get; init; }

    /// <summary>The first mainline release that behaves so.</summary>
    public required KernelVersion Since { get; init; }

    /// <summary>The first fixed patch of each stable branch older than <see cref="Since"/> that behaves so as well.</summary>
    public IReadOnlyList<KernelVersion> FixedIn { get; init; } = [];

    /// <summary>The mainline release from which it holds no more; null where it holds today.</summary>
    public KernelVersion? Until { get; init; }

    /// <summary>The first patch of each stable branch older than <see cref="Until"/> from which it holds no more either.</summary>
    public IReadOnlyList<KernelVersion> EndedIn { get; init; } = [];

    /// <summary>Where it stands: file and function.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Its numbers in the project's kernel notes.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];

    /// <summary>How it is known.</summary>
    public required RuleEvidence Known { get; init; }

    /// <summary>The reason behind it.</summary>
    public required string Why { get; init; }

    /// <summary>Why it has no vector, where it has none.</summary>
    public NoVector? NoVector { get; init; }

    /// <summary>The part of <see cref="Id"/> before the first dot, for instance <c>pointer</c>.</summary>
    public string Area => Id[..Id.IndexOf('.')];
}
