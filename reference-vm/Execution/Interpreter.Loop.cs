using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Conformance.ReferenceVm.Helpers;

namespace Conformance.ReferenceVm.Execution;

/// <content>
/// The loop itself: one method, because registers, position and budget must stay in host registers. Every case of the switch is
/// one instruction; the decoder has left nothing to check here but addresses.
/// </content>
public static unsafe partial class Interpreter
{
    // Behind the registers, in the same block, so that they cost no host registers: the arena's fast limit and host address.
    private const int FastLimit = RunContext.FastLimitIndex;
    private const int HostBase = RunContext.HostBaseIndex;
    private const int ArenaStart = RunContext.ArenaStartIndex;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static RunStatus Execute(RunContext run, long budget)
    {
        var r = run.RegisterBlock;
        r[FastLimit] = run.Arena.FastLimit;
        r[HostBase] = (ulong)run.Arena.Host;
        r[ArenaStart] = run.Arena.Start;
        run.Executed += budget;
        var left = budget;
        var at = run.Position;
        Slot* next;
        ulong offset;
        while (true)
        {
            if (--left < 0)
            {
                run.Position = at;
                return RunStatus.Paused;
            }

            switch (at->Operation)
            {
                // 64-bit arithmetic.
                case Operation.Add:
                    r[at->Destination] += Operand(r, at);
                    at++;
                    continue;
                case Operation.Subtract:
                    r[at->Destination] -= Operand(r, at);
                    at++;
                    continue;
                case Operation.Multiply:
                    r[at->Destination] *= Operand(r, at);
                    at++;
                    continue;
                case Operation.Or:
                    r[at->Destination] |= Operand(r, at);
                    at++;
                    continue;
                case Operation.And:
                    r[at->Destination] &= Operand(r, at);
                    at++;
                    continue;
                case Operation.Xor:
                    r[at->Destination] ^= Operand(r, at);
                    at++;
                    continue;
                case Operation.Divide:
                    r[at->Destination] = Arithmetic.Divide(r[at->Destination], Operand(r, at));
                    at++;
                    continue;
                case Operation.SignedDivide:
                    r[at->Destination] = (ulong)Arithmetic.Divide((long)r[at->Destination], (long)Operand(r, at));
                    at++;
                    continue;
                case Operation.Modulo:
                    r[at->Destination] = Arithmetic.Modulo(r[at->Destination], Operand(r, at));
                    at++;
                    continue;
                case Operation.SignedModulo:
                    r[at->Destination] = (ulong)Arithmetic.Modulo((long)r[at->Destination], (long)Operand(r, at));
                    at++;
                    continue;
                case Operation.ShiftLeft:
                    r[at->Destination] <<= (int)Operand(r, at);
                    at++;
                    continue;
                case Operation.ShiftRight:
                    r[at->Destination] >>= (int)Operand(r, at);
                    at++;
                    continue;
                case Operation.ArithmeticShiftRight:
                    r[at->Destination] = (ulong)((long)r[at->Destination] >> (int)Operand(r, at));
                    at++;
                    continue;
                case Operation.Negate:
                    r[at->Destination] = 0 - r[at->Destination];
                    at++;
                    continue;
                case Operation.Move:
                    r[at->Destination] = Operand(r, at);
                    at++;
                    continue;
                case Operation.SignExtend8:
                    r[at->Destination] = (ulong)(long)(sbyte)Operand(r, at);
                    at++;
                    continue;
                case Operation.SignExtend16:
                    r[at->Destination] = (ulong)(long)(short)Operand(r, at);
                    at++;
                    continue;
                case Operation.SignExtend32:
                    r[at->Destination] = (ulong)(long)(int)Operand(r, at);
                    at++;
                    continue;

                // 32-bit arithmetic: the upper half becomes zero.
                case Operation.Add32:
                    r[at->Destination] = (uint)(r[at->Destination] + Operand(r, at));
                    at++;
                    continue;
                case Operation.Subtract32:
                    r[at->Destination] = (uint)(r[at->Destination] - Operand(r, at));
                    at++;
                    continue;
                case Operation.Multiply32:
                    r[at->Destination] = (uint)(r[at->Destination] * Operand(r, at));
                    at++;
                    continue;
                case Operation.Or32:
                    r[at->Destination] = (uint)r[at->Destination] | (uint)Operand(r, at);
                    at++;
                    continue;
                case Operation.And32:
                    r[at->Destination] = (uint)r[at->Destination] & (uint)Operand(r, at);
                    at++;
                    continue;
                case Operation.Xor32:
                    r[at->Destination] = (uint)r[at->Destination] ^ (uint)Operand(r, at);
                    at++;
                    continue;
                case Operation.Divide32:
                    r[at->Destination] = Arithmetic.Divide((uint)r[at->Destination], (uint)Operand(r, at));
                    at++;
                    continue;
                case Operation.SignedDivide32:
                    r[at->Destination] = (uint)Arithmetic.Divide((int)r[at->Destination], (int)Operand(r, at));
                    at++;
                    continue;
                case Operation.Modulo32:
                    r[at->Destination] = Arithmetic.Modulo((uint)r[at->Destination], (uint)Operand(r, at));
                    at++;
                    continue;
                case Operation.SignedModulo32:
                    r[at->Destination] = (uint)Arithmetic.Modulo((int)r[at->Destination], (int)Operand(r, at));
                    at++;
                    continue;
                case Operation.ShiftLeft32:
                    r[at->Destination] = (uint)r[at->Destination] << (int)Operand(r, at);
                    at++;
                    continue;
                case Operation.ShiftRight32:
                    r[at->Destination] = (uint)r[at->Destination] >> (int)Operand(r, at);
                    at++;
                    continue;
                case Operation.ArithmeticShiftRight32:
                    r[at->Destination] = (uint)((int)r[at->Destination] >> (int)Operand(r, at));
                    at++;
                    continue;
                case Operation.Negate32:
                    r[at->Destination] = (uint)(0 - r[at->Destination]);
                    at++;
                    continue;
                case Operation.Move32:
                    r[at->Destination] = (uint)Operand(r, at);
                    at++;
                    continue;
                case Operation.SignExtend8To32:
                    r[at->Destination] = (uint)(sbyte)Operand(r, at);
                    at++;
                    continue;
                case Operation.SignExtend16To32:
                    r[at->Destination] = (uint)(short)Operand(r, at);
                    at++;
                    continue;

                // Byte order.
                case Operation.ZeroExtend16:
                    r[at->Destination] = (ushort)r[at->Destination];
                    at++;
                    continue;
                case Operation.ZeroExtend32:
                    r[at->Destination] = (uint)r[at->Destination];
                    at++;
                    continue;
                case Operation.Keep:
                    at++;
                    continue;
                case Operation.Swap16:
                    r[at->Destination] = BinaryPrimitives.ReverseEndianness((ushort)r[at->Destination]);
                    at++;
                    continue;
                case Operation.Swap32:
                    r[at->Destination] = BinaryPrimitives.ReverseEndianness((uint)r[at->Destination]);
                    at++;
                    continue;
                case Operation.Swap64:
                    r[at->Destination] = BinaryPrimitives.ReverseEndianness(r[at->Destination]);
                    at++;
                    continue;
                case Operation.LoadImmediate64:
                    r[at->Destination] = (ulong)at->Immediate;
                    at += 2;
                    continue;

                // Memory: one subtraction and one comparison for the address, one host access.
                case Operation.Load8:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 1))
                    {
                        goto fault;
                    }

                    r[at->Destination] = Volatile.Read(ref *Host(r, offset));
                    at++;
                    continue;
                case Operation.Load16:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 2))
                    {
                        goto fault;
                    }

                    r[at->Destination] = GuestAccess.Load16(Host(r, offset));
                    at++;
                    continue;
                case Operation.Load32:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 4))
                    {
                        goto fault;
                    }

                    r[at->Destination] = GuestAccess.Load32(Host(r, offset));
                    at++;
                    continue;
                case Operation.Load64:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 8))
                    {
                        goto fault;
                    }

                    r[at->Destination] = GuestAccess.Load64(Host(r, offset));
                    at++;
                    continue;
                case Operation.LoadSigned8:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 1))
                    {
                        goto fault;
                    }

                    r[at->Destination] = (ulong)(long)(sbyte)Volatile.Read(ref *Host(r, offset));
                    at++;
                    continue;
                case Operation.LoadSigned16:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 2))
                    {
                        goto fault;
                    }

                    r[at->Destination] = (ulong)(long)(short)GuestAccess.Load16(Host(r, offset));
                    at++;
                    continue;
                case Operation.LoadSigned32:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 4))
                    {
                        goto fault;
                    }

                    r[at->Destination] = (ulong)(long)(int)GuestAccess.Load32(Host(r, offset));
                    at++;
                    continue;
                case Operation.Store8:
                    offset = OffsetOf(r, r[at->Destination], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 1))
                    {
                        goto fault;
                    }

                    Volatile.Write(ref *Host(r, offset), (byte)Operand(r, at));
                    at++;
                    continue;
                case Operation.Store16:
                    offset = OffsetOf(r, r[at->Destination], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 2))
                    {
                        goto fault;
                    }

                    GuestAccess.Store16(Host(r, offset), (ushort)Operand(r, at));
                    at++;
                    continue;
                case Operation.Store32:
                    offset = OffsetOf(r, r[at->Destination], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 4))
                    {
                        goto fault;
                    }

                    GuestAccess.Store32(Host(r, offset), (uint)Operand(r, at));
                    at++;
                    continue;
                case Operation.Store64:
                    offset = OffsetOf(r, r[at->Destination], at);
                    if (offset >= r[FastLimit] && !run.Admits(offset, 8))
                    {
                        goto fault;
                    }

                    GuestAccess.Store64(Host(r, offset), Operand(r, at));
                    at++;
                    continue;
                case Operation.Atomic32:
                    offset = OffsetOf(r, r[at->Destination], at);
                    if ((offset & (sizeof(uint) - 1)) != 0 || (offset >= r[FastLimit] && !run.Admits(offset, 4)))
                    {
                        goto fault;
                    }

                    Atomics.Execute32(at, r, Host(r, offset));
                    at++;
                    continue;
                case Operation.Atomic64:
                    offset = OffsetOf(r, r[at->Destination], at);
                    if ((offset & (sizeof(ulong) - 1)) != 0 || (offset >= r[FastLimit] && !run.Admits(offset, 8)))
                    {
                        goto fault;
                    }

                    Atomics.Execute64(at, r, Host(r, offset));
                    at++;
                    continue;
                case Operation.LoadAcquire:
                    offset = OffsetOf(r, r[at->Source], at);
                    if (
                        (offset & (ulong)(at->Immediate - 1)) != 0
                        || (offset >= r[FastLimit] && !run.Admits(offset, (int)at->Immediate))
                    )
                    {
                        goto fault;
                    }

                    r[at->Destination] = Atomics.LoadAcquire(Host(r, offset), (int)at->Immediate);
                    at++;
                    continue;
                case Operation.StoreRelease:
                    offset = OffsetOf(r, r[at->Destination], at);
                    if (
                        (offset & (ulong)(at->Immediate - 1)) != 0
                        || (offset >= r[FastLimit] && !run.Admits(offset, (int)at->Immediate))
                    )
                    {
                        goto fault;
                    }

                    Atomics.StoreRelease(Host(r, offset), (int)at->Immediate, r[at->Source]);
                    at++;
                    continue;

                // Jumps.
                case Operation.Jump:
                    at += at->Offset;
                    continue;
                case Operation.JumpIfEqual:
                    if (r[at->Destination] == Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfNotEqual:
                    if (r[at->Destination] != Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSet:
                    if ((r[at->Destination] & Operand(r, at)) != 0)
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfGreater:
                    if (r[at->Destination] > Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfGreaterOrEqual:
                    if (r[at->Destination] >= Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfLess:
                    if (r[at->Destination] < Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfLessOrEqual:
                    if (r[at->Destination] <= Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedGreater:
                    if ((long)r[at->Destination] > (long)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedGreaterOrEqual:
                    if ((long)r[at->Destination] >= (long)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedLess:
                    if ((long)r[at->Destination] < (long)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedLessOrEqual:
                    if ((long)r[at->Destination] <= (long)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfEqual32:
                    if ((uint)r[at->Destination] == (uint)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfNotEqual32:
                    if ((uint)r[at->Destination] != (uint)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSet32:
                    if (((uint)r[at->Destination] & (uint)Operand(r, at)) != 0)
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfGreater32:
                    if ((uint)r[at->Destination] > (uint)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfGreaterOrEqual32:
                    if ((uint)r[at->Destination] >= (uint)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfLess32:
                    if ((uint)r[at->Destination] < (uint)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfLessOrEqual32:
                    if ((uint)r[at->Destination] <= (uint)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedGreater32:
                    if ((int)r[at->Destination] > (int)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedGreaterOrEqual32:
                    if ((int)r[at->Destination] >= (int)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedLess32:
                    if ((int)r[at->Destination] < (int)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;
                case Operation.JumpIfSignedLessOrEqual32:
                    if ((int)r[at->Destination] <= (int)Operand(r, at))
                    {
                        at += at->Offset;
                        continue;
                    }

                    at++;
                    continue;

                // Calls.
                case Operation.CallLocal:
                    next = run.Call(at + 1, at + at->Offset);
                    if (next == null)
                    {
                        goto stopped;
                    }

                    at = next;
                    continue;
                case Operation.CallHelper:
                    var outcome = ((delegate* <RunContext, ulong*, HelperOutcome>)at->Immediate)(run, r);
                    r[FastLimit] = run.Arena.FastLimit;
                    if (outcome == HelperOutcome.Done)
                    {
                        at++;
                        continue;
                    }

                    next = After(outcome, run, at);
                    if (next == null)
                    {
                        goto stopped;
                    }

                    at = next;
                    continue;
                case Operation.Exit:
                    if (run.CallDepth == 0)
                    {
                        run.Position = at;
                        run.Executed -= left;
                        return RunStatus.Returned;
                    }

                    at = run.Return();
                    continue;
                default:
                    run.Trap(run.Current!.TrapMessage(at));
                    goto stopped;
            }
        }

        fault:
        run.Trap(Fault(run.Arena, at, r));
        stopped:
        run.Position = at;
        run.Executed -= left;
        return RunStatus.Trapped;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Host(ulong* r, ulong offset) => (byte*)(r[HostBase] + offset);

    // The second operand in either form: one of the two is zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Operand(ulong* r, Slot* at) => r[at->Source] + (ulong)at->Immediate;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong OffsetOf(ulong* r, ulong address, Slot* at) => address + (ulong)at->Offset - r[ArenaStart];

    // Where to go on after a helper that is not simply done; null where the run is stopped.
    private static Slot* After(HelperOutcome outcome, RunContext run, Slot* at) =>
        outcome switch
        {
            HelperOutcome.Again => at,
            HelperOutcome.TailCalls => run.GoToTailCallTarget(),
            HelperOutcome.Loops => run.CallBackInLoop(at + 1),
            HelperOutcome.Visits => run.CallBackWithElements(at + 1),
            _ => null,
        };

    private static string Fault(Arena arena, Slot* at, ulong* r)
    {
        var reads = at->Operation is (>= Operation.Load8 and <= Operation.LoadSigned32) or Operation.LoadAcquire;
        var atomic = at->Operation is >= Operation.Atomic32 and <= Operation.StoreRelease;
        var size = SizeOf(at);
        var offset = OffsetOf(r, r[reads ? at->Source : at->Destination], at);
        var reason =
            atomic && offset % (ulong)size != 0 ? "misaligned atomic access"
            : arena.IsMemory(offset, size) ? "outside of any live object"
            : "outside of guest memory";
        return $"{(reads ? "load" : atomic ? "atomic access" : "store")} of {size} bytes at 0x{arena.Start + offset:x}: {reason}";
    }

    private static int SizeOf(Slot* at) =>
        at->Operation switch
        {
            Operation.Load8 or Operation.LoadSigned8 or Operation.Store8 => sizeof(byte),
            Operation.Load16 or Operation.LoadSigned16 or Operation.Store16 => sizeof(ushort),
            Operation.Load32 or Operation.LoadSigned32 or Operation.Store32 or Operation.Atomic32 => sizeof(uint),
            Operation.LoadAcquire or Operation.StoreRelease => (int)at->Immediate,
            _ => sizeof(ulong),
        };
}
