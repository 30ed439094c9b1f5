using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Model;

/// <summary>What the model says an operation answers.</summary>
public sealed record Prediction(AnswerKind Kind)
{
    /// <summary>A plain success.</summary>
    public static Prediction Ok { get; } = new(AnswerKind.Ok);

    /// <summary>The model has no say: the operation is outside of it, or Linux leaves the answer open.</summary>
    public static Prediction Open { get; } = new(AnswerKind.Unsupported);

    /// <summary>Whether there is nothing to compare.</summary>
    public bool IsOpen => Kind == AnswerKind.Unsupported;

    /// <summary>The error of a failed call, a refusal or a denied event.</summary>
    public Errno Errno { get; init; }

    /// <summary>The areas of a value looked up.</summary>
    public IReadOnlyList<Area>? Areas { get; init; }

    /// <summary>The next key.</summary>
    public StorageKey? Key { get; init; }

    /// <summary>How the last event ended.</summary>
    public EventOutcome? Outcome { get; init; }

    /// <summary>R0 of a test run.</summary>
    public uint? ReturnValue { get; init; }

    /// <summary>Programs of a query.</summary>
    public IReadOnlyList<string>? Programs { get; init; }

    /// <summary>Attach flags of a query.</summary>
    public uint? AttachFlags { get; init; }

    /// <summary>Whether a kernel may need a moment until this holds.</summary>
    public bool Eventually { get; init; }

    /// <summary>The release since which it holds, where that is not the release that brought the operation.</summary>
    public KernelVersion? Since { get; init; }

    /// <summary>A failed call.</summary>
    public static Prediction Fail(Errno errno) => new(AnswerKind.Failed) { Errno = errno };

    /// <summary>A program refused at load.</summary>
    public static Prediction Refuse(Errno errno) => new(AnswerKind.Refused) { Errno = errno };
}
