using Conformance.ReferenceVm;

namespace Conformance.Harness.Machines;

/// <summary>What became of an operation. The kinds stay apart all the way into the report.</summary>
public enum AnswerKind
{
    /// <summary>It succeeded.</summary>
    Ok,

    /// <summary>The call failed with <see cref="Answer.Errno"/>.</summary>
    Failed,

    /// <summary>A program was refused at load, with an errno and a reason.</summary>
    Refused,

    /// <summary>A program was stopped at run time for something the machine forbids.</summary>
    Trapped,

    /// <summary>A legal program ran out of the run's budget.</summary>
    Exhausted,

    /// <summary>The machine does not offer the operation; says why.</summary>
    Unsupported,

    /// <summary>The machine or its adapter failed to do its job (crash, protocol violation, unknown name): never the VM's verdict.</summary>
    Broken,
}

/// <summary>How an event ended for whoever caused it.</summary>
public enum EventOutcome
{
    /// <summary>As if no program were there.</summary>
    Completed,

    /// <summary>The system call failed with <see cref="Answer.Errno"/>.</summary>
    Denied,

    /// <summary>The sender saw success, the packet never arrived.</summary>
    Dropped,
}

/// <summary>The answer to one operation.</summary>
public sealed record Answer(AnswerKind Kind)
{
    /// <summary>A plain success.</summary>
    public static Answer Ok { get; } = new(AnswerKind.Ok);

    /// <summary>The error, where there is one; for a denied event what the system call returned.</summary>
    public Errno Errno { get; init; }

    /// <summary>The verifier's log, the reason of a trap, why something is unsupported.</summary>
    public string? Message { get; init; }

    /// <summary>The value of a lookup as user space receives it; per-CPU areas in order of CPU.</summary>
    public byte[]? Value { get; init; }

    /// <summary>The next key. Storage keys come back symbolic.</summary>
    public MapKey? Key { get; init; }

    /// <summary>How the (last) event ended.</summary>
    public EventOutcome? Outcome { get; init; }

    /// <summary>R0 of a test run.</summary>
    public uint? ReturnValue { get; init; }

    /// <summary>Programs of a query, in order.</summary>
    public IReadOnlyList<string>? Programs { get; init; }

    /// <summary>Attach flags of a query.</summary>
    public uint? AttachFlags { get; init; }

    /// <summary>Answers of a parallel operation, by track, then by operation.</summary>
    public IReadOnlyList<IReadOnlyList<Answer>>? Tracks { get; init; }

    /// <summary>
    /// Of what is not supported because the kernel is too old for it, the refusal itself: rules that say what older kernels did are judged by
    /// it.
    /// </summary>
    public Answer? Refusal { get; init; }

    /// <summary>A failed call.</summary>
    public static Answer Fail(Errno errno) => new(AnswerKind.Failed) { Errno = errno };
}
