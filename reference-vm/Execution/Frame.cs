namespace Conformance.ReferenceVm.Execution;

/// <summary>What the caller gets back when a function returns.</summary>
internal struct Frame
{
    /// <summary>The caller's program: a tail call may have replaced the callee's.</summary>
    public Code Caller;

    /// <summary>Depth at which the caller's program was entered.</summary>
    public int CallerChainStart;

    /// <summary>The slot after the call.</summary>
    public int ReturnSlot;

    public ulong R6;
    public ulong R7;
    public ulong R8;
    public ulong R9;

    /// <summary>For a callback of bpf_loop: its slot, else -1.</summary>
    public int Callback;

    /// <summary>Iterations begun, including the one under way.</summary>
    public uint Begun;

    /// <summary>Iterations asked for.</summary>
    public uint Iterations;

    /// <summary>The callback's second argument.</summary>
    public ulong CallbackContext;
}
