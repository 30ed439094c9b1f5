using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Load and store instructions: their encoding and their operands.</summary>
internal static class MemoryStep
{
    /// <summary>A load from memory into a register.</summary>
    public static Refusal? Load(Analysis analysis) => Load(analysis, mustBeAligned: false);

    /// <summary>A store of an immediate.</summary>
    public static Refusal? StoreImmediate(Analysis analysis)
    {
        var instruction = analysis.Instruction;
        if (Opcode.ModeOf(instruction.Opcode) != AddressMode.Memory || instruction.Src != 0)
            return Refusal.Invalid("BPF_ST uses reserved fields");
        if (analysis.Read(instruction.Dst) is { } refusal)
            return refusal;
        var type = analysis.State[instruction.Dst].Type;
        return Access(instruction, instruction.Dst, isWrite: true, value: -1).Execute(analysis)
            ?? analysis.NoteAccess(type);
    }

    /// <summary>A store of a register, or an atomic operation.</summary>
    public static Refusal? StoreRegister(Analysis analysis)
    {
        var instruction = analysis.Instruction;
        if (Opcode.IsAtomic(instruction.Opcode))
            return Atomic(analysis, instruction);
        if (Opcode.ModeOf(instruction.Opcode) != AddressMode.Memory || instruction.Imm != 0)
            return Refusal.Invalid("BPF_STX uses reserved fields");
        return Store(analysis, mustBeAligned: false);
    }

    /// <summary>A 64-bit immediate: a number, a map, an address in a map's value, or a subprogram.</summary>
    public static Refusal? LoadImmediate(Analysis analysis)
    {
        var instruction = analysis.Instruction;
        if (instruction.Opcode != Opcode.LoadImmediate64)
            return Refusal.Invalid("BPF_LD_[ABS|IND] instructions not allowed for this program type");
        if (instruction.Offset != 0)
            return Refusal.Invalid("BPF_LD_IMM64 uses reserved fields");
        if (Analysis.Write(instruction.Dst) is { } refusal)
            return refusal;
        if (
            Subprograms.IsFunctionReference(instruction)
            && analysis.GlobalFunctions.Contains(Subprograms.Target(instruction, analysis.Slot))
        )
            return Refusal.Invalid("callback function not static");
        var high = (uint)analysis.Code[analysis.Slot + 1].Imm;
        analysis.State[instruction.Dst] = (ImmediateKind)instruction.Src switch
        {
            ImmediateKind.Constant => RegisterState.Constant((ulong)high << 32 | (uint)instruction.Imm),
            ImmediateKind.Function => RegisterState.Pointer(RegisterType.Function) with
            {
                Subprogram = Subprograms.Target(instruction, analysis.Slot),
            },
            ImmediateKind.MapDescriptor or ImmediateKind.MapIndex => RegisterState.Pointer(RegisterType.MapPointer) with
            {
                Map = analysis.Maps.At(analysis.Slot),
            },
            _ => RegisterState.Pointer(RegisterType.MapValue) with
            {
                Map = analysis.Maps.At(analysis.Slot),
                Offset = (int)high,
                Id = analysis.Maps.At(analysis.Slot).Definition.SpinLockOffset is null ? 0 : analysis.NewId(),
            },
        };
        return null;
    }

    private static MemoryAccess Access(Instruction instruction, int register, bool isWrite, int value) =>
        new(register, instruction.Offset, Opcode.SizeOf(instruction.Opcode).Bytes(), isWrite, value);

    private static Refusal? Load(Analysis analysis, bool mustBeAligned)
    {
        var instruction = analysis.Instruction;
        if ((analysis.Read(instruction.Src) ?? Analysis.Write(instruction.Dst)) is { } refusal)
            return refusal;
        var type = analysis.State[instruction.Src].Type;
        var access = Access(instruction, instruction.Src, isWrite: false, instruction.Dst) with
        {
            MustBeAligned = mustBeAligned,
            SignExtends = Opcode.ModeOf(instruction.Opcode) == AddressMode.MemorySigned,
        };
        return access.Execute(analysis) ?? analysis.NoteAccess(type);
    }

    private static Refusal? Store(Analysis analysis, bool mustBeAligned)
    {
        var instruction = analysis.Instruction;
        if ((analysis.Read(instruction.Src) ?? analysis.Read(instruction.Dst)) is { } refusal)
            return refusal;
        var type = analysis.State[instruction.Dst].Type;
        var access = Access(instruction, instruction.Dst, isWrite: true, instruction.Src) with
        {
            MustBeAligned = mustBeAligned,
        };
        return access.Execute(analysis) ?? analysis.NoteAccess(type);
    }

    private static Refusal? Atomic(Analysis analysis, Instruction instruction)
    {
        switch ((AtomicOperation)instruction.Imm)
        {
            case AtomicOperation.LoadAcquire:
                // The load may have replaced the address, so its type is looked up first.
                var type = instruction.Src < Register.Count ? analysis.State[instruction.Src].Type : default;
                return Load(analysis, mustBeAligned: true) ?? CheckAtomicType(type, instruction.Src, "loads from");
            case AtomicOperation.StoreRelease:
                return Store(analysis, mustBeAligned: true)
                    ?? CheckAtomicType(analysis.State[instruction.Dst].Type, instruction.Dst, "stores into");
            case AtomicOperation.Add
            or AtomicOperation.Or
            or AtomicOperation.And
            or AtomicOperation.Xor
            or AtomicOperation.FetchAdd
            or AtomicOperation.FetchOr
            or AtomicOperation.FetchAnd
            or AtomicOperation.FetchXor
            or AtomicOperation.Exchange
            or AtomicOperation.CompareExchange:
                return ReadModifyWrite(analysis, instruction);
            default:
                return Refusal.Invalid($"BPF_ATOMIC uses invalid atomic opcode {instruction.Imm:x2}");
        }
    }

    private static Refusal? ReadModifyWrite(Analysis analysis, Instruction instruction)
    {
        if (Opcode.SizeOf(instruction.Opcode) is OperandSize.Byte or OperandSize.HalfWord)
            return Refusal.Invalid("invalid atomic operand size");
        if ((analysis.Read(instruction.Src) ?? analysis.Read(instruction.Dst)) is { } unreadable)
            return unreadable;
        var compares = instruction.Imm == (int)AtomicOperation.CompareExchange;
        if (compares && analysis.Read(Register.Result) is { } noExpected)
            return noExpected;
        if (compares && analysis.WouldLeak(Register.Result))
            return Refusal.Access($"R{Register.Result} leaks addr into mem");
        if (analysis.WouldLeak(instruction.Src))
            return Refusal.Access($"R{instruction.Src} leaks addr into mem");
        var type = analysis.State[instruction.Dst].Type;
        if (CheckAtomicType(type, instruction.Dst, "stores into") is { } forbidden)
            return forbidden;
        var fetches = (instruction.Imm & (int)AtomicOperation.Fetch) != 0;
        var target = compares ? Register.Result : instruction.Src;
        if (fetches && Analysis.Write(target) is { } unwritable)
            return unwritable;
        var access = Access(instruction, instruction.Dst, isWrite: false, value: -1) with { MustBeAligned = true };
        if (fetches)
            analysis.State[target] = RegisterState.UnknownScalar;
        return access.Execute(analysis)
            ?? (fetches ? (access with { Value = target }).Execute(analysis) : null)
            ?? (access with { IsWrite = true }).Execute(analysis)
            ?? analysis.NoteAccess(type);
    }

    private static Refusal? CheckAtomicType(RegisterType type, int register, string what) =>
        type is RegisterType.Context or RegisterType.Packet || type.IsSocket()
            ? Refusal.Access($"BPF_ATOMIC {what} R{register} {type.Word()} is not allowed")
            : null;
}
