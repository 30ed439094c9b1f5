using Conformance.ReferenceVm.Maps;

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

    /// <summary>For a callback: its slot, else -1.</summary>
    public int Callback;

    /// <summary>Iterations begun, including the one under way.</summary>
    public uint Begun;

    /// <summary>Iterations asked for.</summary>
    public uint Iterations;

    /// <summary>What the caller passes on to the callback.</summary>
    public ulong CallbackContext;

    /// <summary>For a callback of bpf_for_each_map_elem: the map whose elements are visited, else null.</summary>
    public Map? Elements;

    /// <summary>The element of the map that the callback is at.</summary>
    public int Element;

    /// <summary>The guest address of the element's key.</summary>
    public ulong Key;
}
