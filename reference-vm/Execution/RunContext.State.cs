using System.Runtime.CompilerServices;
using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Execution;

/// <summary>The run's own state: everything that must be kept between two steps.</summary>
public sealed unsafe partial class RunContext
{
    /// <summary>Behind R0 to R10 and the register that is always zero.</summary>
    internal const int FastLimitIndex = Slot.ZeroRegister + 1;

    internal const int HostBaseIndex = FastLimitIndex + 1;

    internal const int ArenaStartIndex = HostBaseIndex + 1;
    private const int RegisterCount = ArenaStartIndex + 1;

    // Dead bytes between two frames.
    private const int FrameGap = 64;

    private ulong _stack;
    private uint _filled;
    private int _liveFrames;

    /// <summary>Instructions executed since the run began.</summary>
    public long Executed { get; internal set; }

    /// <summary>Whether a run has begun and not ended.</summary>
    public bool IsRunning => Current is not null;

    /// <summary>The slot executed next.</summary>
    public int InstructionIndex => Current is { } code ? code.IndexOf(Position) : -1;

    /// <summary>R0 to R10.</summary>
    public ReadOnlySpan<ulong> RegisterValues => Registers.AsSpan(0, Register.Count);

    /// <summary>Called functions that have not returned.</summary>
    public int CallDepth { get; private set; }

    /// <summary>Pinned: the interpreter works on its address.</summary>
    internal ulong[] Registers { get; }

    /// <summary>The first of <see cref="Registers"/>.</summary>
    internal ulong* RegisterBlock { get; }

    internal Arena Arena { get; }

    internal Frame[] Frames { get; }

    /// <summary>The program that runs: the last one tail-called.</summary>
    internal Code? Current { get; set; }

    internal Slot* Position { get; set; }

    internal int TailCalls { get; set; }

    /// <summary>Depth at which the current program was entered: 0, or where a tail call was made.</summary>
    private int ChainStart { get; set; }

    internal Code? TailCallTarget { get; set; }

    internal string? TrapMessage { get; private set; }

    /// <summary>The spin lock that the run holds, or 0: given back where the run is stopped.</summary>
    internal ulong HeldLock { get; set; }

    /// <summary>Sets a register before the first step: what a caller other than a cgroup hook passes besides the context.</summary>
    public void SetRegister(int register, ulong value) => Registers[register] = value;

    internal bool Admits(ulong offset, int size) => Arena.Admits(offset, size);

    internal HelperOutcome Trap(string message)
    {
        TrapMessage = message;
        return HelperOutcome.Trapped;
    }

    /// <summary>Puts the run at the start of a program; false where there is no memory for its stack.</summary>
    internal bool Start(Code code)
    {
        Abandon();
        Array.Clear(Registers);
        TrapMessage = null;
        TailCalls = 0;
        CallDepth = 0;
        ChainStart = 0;
        Executed = 0;
        if (_stack == 0)
        {
            _stack = Arena.AllocateDead((long)FrameStride * Frames.Length);
            if (_stack == 0)
            {
                return false;
            }
        }

        Current = code;
        Position = code.First;
        Registers[Register.FirstArgument] = ContextAddress;
        EnterFrame();
        return true;
    }

    /// <summary>Ends the run, wherever it is.</summary>
    internal void Abandon()
    {
        ReleaseHeldLock();
        while (_liveFrames > 0)
        {
            LeaveFrame();
        }

        FreeKeys();
        Current = null;
    }

    internal void ReleaseHeldLock()
    {
        if (HeldLock != 0 && LockWord.TryAt(Arena, HeldLock, out var word))
        {
            LockWord.Release(word);
        }

        HeldLock = 0;
    }

    /// <summary>Enters a function of the program; null, and a trap, where the stack is too deep.</summary>
    internal Slot* Call(Slot* returnTo, Slot* target)
    {
        // As the verifier counts them, program by program, with the caller's frame and the new one: a program reached by a
        // tail call starts a chain of its own.
        var frames = CallDepth - ChainStart + 2;
        if (frames > Environment.Limits.CallFrames)
        {
            Trap($"the call stack of {frames} frames is too deep");
            return null;
        }

        ref var frame = ref Frames[CallDepth++];
        frame.Caller = Current!;
        frame.CallerChainStart = ChainStart;
        frame.ReturnSlot = (int)(returnTo - Current!.First);
        frame.R6 = Registers[6];
        frame.R7 = Registers[7];
        frame.R8 = Registers[8];
        frame.R9 = Registers[9];
        frame.Callback = NoCallback;
        EnterFrame();
        return target;
    }

    /// <summary>Returns from a called function: behind the call, or into a callback once more.</summary>
    internal Slot* Return()
    {
        ref var frame = ref Frames[CallDepth - 1];
        var caller = frame.Caller;
        if (frame.Callback != NoCallback)
        {
            if (Registers[Register.Result] == 0 && BeginNext(ref frame))
            {
                Current = caller;
                ChainStart = frame.CallerChainStart;
                ClearFrame();
                return caller.First + frame.Callback;
            }

            Registers[Register.Result] = frame.Begun;
        }

        CallDepth--;
        ChainStart = frame.CallerChainStart;
        LeaveFrame();
        Registers[6] = frame.R6;
        Registers[7] = frame.R7;
        Registers[8] = frame.R8;
        Registers[9] = frame.R9;
        Registers[Register.Frame] = FramePointer;
        Current = caller;
        return caller.First + frame.ReturnSlot;
    }

    /// <summary>Goes to another program in the same frame. The context stays in R1; the run's storages stay too.</summary>
    internal Slot* GoToTailCallTarget()
    {
        var target = TailCallTarget!;
        TailCallTarget = null;
        TailCalls++;
        ChainStart = CallDepth;
        Current = target;
        ClearFrame();
        return target.First;
    }

    private int StackSize => Environment.Limits.StackSize;

    private int FrameStride => StackSize + FrameGap;

    private ulong FrameStart => _stack + (ulong)(CallDepth * FrameStride);

    private ulong FramePointer => FrameStart + (ulong)StackSize;

    private void EnterFrame()
    {
        _liveFrames++;
        Arena.Enliven(FrameStart, StackSize);
        ClearFrame();
        Registers[Register.Frame] = FramePointer;
    }

    private void LeaveFrame() => Arena.Deaden(_stack + (ulong)(--_liveFrames * FrameStride), StackSize);

    // Linux leaves what was there; here a run depends on nothing but its input.
    private void ClearFrame()
    {
        var frame = Arena.Host + (FrameStart - Arena.Start);
        var size = StackSize;
        Unsafe.InitBlockUnaligned(frame, 0, (uint)size);
        // Not one byte everywhere, zero in places and small in others: what a program makes of it must not come out the same by chance.
        for (int i = 0, open = Environment.Open.StackByte; open != 0 && i < size; i++)
        {
            const uint Mixer = 0x9e37_79b1;
            var mixed = ((uint)(i + 1) * Mixer + _filled) * (uint)(2 * open + 1);
            mixed ^= mixed >> 15;
            frame[i] = (byte)(
                (mixed & 0x300) == 0 ? 0
                : (mixed & 0xc00) == 0 ? mixed & 7
                : mixed
            );
        }

        _filled += (uint)Environment.Open.StackByte;
    }
}
