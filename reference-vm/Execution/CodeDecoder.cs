using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Turns bytecode into what the interpreter executes. Total: whatever is no legal instruction becomes a trap that says why, so
/// that the interpreter has nothing to check but addresses.
/// </summary>
internal sealed class CodeDecoder
{
    private const string NoExit = "execution runs off the end of the program";
    private const string SecondSlot = "execution enters the second slot of a 64-bit immediate load";
    private const string FrameWrite = "frame pointer is read only";

    private readonly Instruction[] _source;
    private readonly List<Slot> _slots;
    private readonly List<string> _traps = [];

    private CodeDecoder(Instruction[] source)
    {
        _source = source;
        _slots = new List<Slot>(source.Length + 1);
    }

    public static Code Decode(Instruction[] source)
    {
        var decoder = new CodeDecoder(source);
        decoder.DecodeAll();
        var slots = GC.AllocateUninitializedArray<Slot>(decoder._slots.Count, pinned: true);
        decoder._slots.CopyTo(slots);
        return new Code(source, slots, [.. decoder._traps]);
    }

    private void DecodeAll()
    {
        for (var index = 0; index < _source.Length; )
        {
            _slots.Add(DecodeAt(index));
            var next = index + EncodingRules.SlotsAt(_source, index);
            for (index++; index < next && index < _source.Length; index++)
            {
                _slots.Add(Trap(SecondSlot));
            }
        }

        _slots.Add(Trap(NoExit, Math.Max(_source.Length - 1, 0)));

        for (var index = 0; index < _source.Length; index++)
        {
            var slot = _slots[index];
            if (slot.Operation is >= Operation.Jump and <= Operation.CallLocal && !InProgram(index + (long)slot.Offset))
            {
                slot.Offset = _slots.Count - index;
                _slots[index] = slot;
                _slots.Add(Trap("jump out of the program", index));
            }
        }
    }

    private bool InProgram(long index) => index >= 0 && index < _source.Length;

    private Slot DecodeAt(int index)
    {
        if (EncodingRules.Violation(_source, index) is { } reason)
        {
            return Trap(reason);
        }

        var instruction = _source[index];
        var opcode = instruction.Opcode;
        return Opcode.ClassOf(opcode) switch
        {
            InstructionClass.Load => Load(index),
            InstructionClass.LoadRegister => Checked(instruction, LoadOperation(opcode), instruction.Offset, 0),
            InstructionClass.Store => Memory(instruction, Slot.ZeroRegister, instruction.Imm),
            InstructionClass.StoreRegister when Opcode.IsAtomic(opcode) => Atomic(instruction),
            InstructionClass.StoreRegister => Memory(instruction, instruction.Src, 0),
            InstructionClass.Jump or InstructionClass.Jump32 => Jump(instruction),
            _ => Arithmetic(instruction),
        };
    }

    private Slot Load(int index)
    {
        var first = _source[index];
        if (first.Opcode != Opcode.LoadImmediate64)
        {
            return Trap("legacy packet loads are not part of this machine");
        }

        if (first.Src != (byte)ImmediateKind.Constant)
        {
            return Trap("a reference that nothing was put in for");
        }

        var value = (long)((ulong)(uint)_source[index + 1].Imm << 32 | (uint)first.Imm);
        return Checked(first with { Src = Slot.ZeroRegister }, Operation.LoadImmediate64, 0, value);
    }

    private static Operation LoadOperation(byte opcode)
    {
        var signed = Opcode.ModeOf(opcode) == AddressMode.MemorySigned;
        return Opcode.SizeOf(opcode) switch
        {
            OperandSize.Byte => signed ? Operation.LoadSigned8 : Operation.Load8,
            OperandSize.HalfWord => signed ? Operation.LoadSigned16 : Operation.Load16,
            OperandSize.Word => signed ? Operation.LoadSigned32 : Operation.Load32,
            _ => Operation.Load64,
        };
    }

    private static Slot Memory(Instruction instruction, byte source, long immediate) =>
        new()
        {
            Operation = Opcode.SizeOf(instruction.Opcode) switch
            {
                OperandSize.Byte => Operation.Store8,
                OperandSize.HalfWord => Operation.Store16,
                OperandSize.Word => Operation.Store32,
                _ => Operation.Store64,
            },
            Destination = instruction.Dst,
            Source = source,
            Offset = instruction.Offset,
            Immediate = immediate,
        };

    private Slot Atomic(Instruction instruction)
    {
        var atomic = (AtomicOperation)instruction.Imm;
        if (atomic == AtomicOperation.LoadAcquire)
        {
            return Checked(instruction, Operation.LoadAcquire, instruction.Offset, Width());
        }

        // The old value goes to the source register, except that of a compare and exchange, which goes to R0.
        var fetches = atomic != AtomicOperation.CompareExchange && atomic.HasFlag(AtomicOperation.Fetch);
        if (fetches && instruction.Src == Register.Frame)
        {
            return Trap(FrameWrite);
        }

        return new Slot
        {
            Operation =
                atomic == AtomicOperation.StoreRelease ? Operation.StoreRelease
                : Width() == sizeof(ulong) ? Operation.Atomic64
                : Operation.Atomic32,
            Destination = instruction.Dst,
            Source = instruction.Src,
            Offset = instruction.Offset,
            Immediate = atomic == AtomicOperation.StoreRelease ? Width() : instruction.Imm,
        };

        int Width() => Opcode.SizeOf(instruction.Opcode).Bytes();
    }

    private Slot Jump(Instruction instruction)
    {
        var opcode = instruction.Opcode;
        switch (opcode)
        {
            case Opcode.Exit:
                return new Slot { Operation = Operation.Exit };
            case Opcode.Call:
                return Call(instruction);
            case Opcode.Goto:
                return new Slot { Operation = Operation.Jump, Offset = instruction.Offset + 1 };
            case Opcode.GotoLong:
                return new Slot { Operation = Operation.Jump, Offset = Distance(instruction.Imm) };
        }

        var fromRegister = Opcode.SourceOf(opcode) == OperandSource.Register;
        var operation = Operations.Of(
            Opcode.JumpOperationOf(opcode),
            Opcode.ClassOf(opcode) == InstructionClass.Jump32
        );
        return new Slot
        {
            Operation = operation,
            Destination = instruction.Dst,
            Source = fromRegister ? instruction.Src : Slot.ZeroRegister,
            Offset = instruction.Offset + 1,
            Immediate = instruction.Imm,
        };
    }

    private unsafe Slot Call(Instruction instruction)
    {
        switch ((CallTarget)instruction.Src)
        {
            case CallTarget.Local:
                return new Slot { Operation = Operation.CallLocal, Offset = Distance(instruction.Imm) };
            case CallTarget.BtfId:
                return Trap("calls by BTF id are not part of this machine");
            default:
                var helper = HelperTable.Find(instruction.Imm);
                return helper == null
                    ? Trap($"helper {instruction.Imm} does not exist")
                    : new Slot { Operation = Operation.CallHelper, Immediate = (nint)helper };
        }
    }

    // A distance that does not fit leaves the program either way.
    private static int Distance(int immediate) => (int)Math.Min(immediate + 1L, int.MaxValue);

    private Slot Arithmetic(Instruction instruction)
    {
        var opcode = instruction.Opcode;
        var fromRegister = Opcode.SourceOf(opcode) == OperandSource.Register;
        var operation = Operations.Of(instruction);
        var isSwap = Opcode.AluOperationOf(opcode) == AluOperation.ByteSwap;
        var source = fromRegister && !isSwap ? instruction.Src : Slot.ZeroRegister;
        return Checked(instruction with { Src = source }, operation, 0, isSwap ? 0 : instruction.Imm);
    }

    // An instruction that writes its destination.
    private Slot Checked(Instruction instruction, Operation operation, int offset, long immediate) =>
        instruction.Dst == Register.Frame
            ? Trap(FrameWrite)
            : new Slot
            {
                Operation = operation,
                Destination = instruction.Dst,
                Source = instruction.Src,
                Offset = offset,
                Immediate = immediate,
            };

    private Slot Trap(string reason, int reportedIndex = 0)
    {
        _traps.Add(reason);
        return new Slot
        {
            Operation = Operation.Trap,
            Offset = reportedIndex,
            Immediate = _traps.Count - 1,
        };
    }
}
