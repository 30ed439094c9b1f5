namespace Conformance.ReferenceVm;

/// <summary>Every number that bounds the machine, each with its source.</summary>
public sealed record Limits
{
    /// <summary>Possible CPUs.</summary>
    public int PossibleCpus { get; init; } = 2;

    /// <summary>Bytes of stack per frame, and of a whole call chain as the verifier counts it (MAX_BPF_STACK).</summary>
    public int StackSize { get; init; } = 512;

    /// <summary>Nested bpf-to-bpf calls (MAX_CALL_FRAMES).</summary>
    public int CallFrames { get; init; } = 8;

    /// <summary>Tail calls in one run (MAX_TAIL_CALL_CNT).</summary>
    public int TailCalls { get; init; } = 33;

    /// <summary>
    /// Frames of one run at most: a full call chain whose last function makes a tail call into another full chain, and so on,
    /// each chain in place of the frame it started from.
    /// </summary>
    public int ChainedFrames => CallFrames + TailCalls * (CallFrames - 1);

    /// <summary>Instructions in one program (BPF_COMPLEXITY_LIMIT_INSNS for a privileged loader).</summary>
    public int ProgramInstructions { get; init; } = 1_000_000;

    /// <summary>Instructions the verifier walks before it gives up (BPF_COMPLEXITY_LIMIT_INSNS).</summary>
    public int VerifiedInstructions { get; init; } = 1_000_000;

    /// <summary>Programs on one cgroup and attach type (BPF_CGROUP_MAX_PROGS).</summary>
    public int Attachments { get; init; } = 64;

    /// <summary>Largest shared storage value: 65535 less the 128 bytes of the kernel's element header on x86-64 (BPF_LOCAL_STORAGE_MAX_VALUE_SIZE).</summary>
    public int SharedValueSize { get; init; } = 65407;

    /// <summary>Largest per-CPU storage value with 4 KiB pages (PCPU_MIN_UNIT_SIZE).</summary>
    public int PerCpuValueSize { get; init; } = 32768;

    /// <summary>Iterations of bpf_loop (BPF_MAX_LOOPS).</summary>
    public int LoopIterations { get; init; } = 8 * 1024 * 1024;

    /// <summary>Instructions one run may execute. Ours: Linux has no such budget; it ends what no verifier vouched for.</summary>
    public long RunInstructions { get; init; } = 1_000_000_000;

    /// <summary>Bytes of guest memory reserved for a machine. Ours.</summary>
    public long ArenaSize { get; init; } = 1L << 32;
}
