using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Accesses to the context, whose fields are typed, and to sockets that it leads to.</summary>
internal static class ContextAccess
{
    // BPF_ALU64 | BPF_MOV | BPF_K.
    private const byte MoveImmediate = 0xb7;

    /// <summary>Demands that a pointer was not moved since it was made.</summary>
    public static Refusal? CheckUnmoved(in RegisterState pointer, int register)
    {
        var word = pointer.Type.Word();
        if (pointer.Offset < 0)
            return Refusal.Access($"negative offset {word} ptr R{register} off={pointer.Offset} disallowed");
        if (pointer.Offset != 0)
            return Refusal.Access($"dereference of modified {word} ptr R{register} off={pointer.Offset} disallowed");
        return pointer.Value.IsExactly(0)
            ? null
            : Refusal.Access($"variable {word} access var_off={pointer.Value.Bits} disallowed");
    }

    /// <summary>Reads a field into a register, or writes one.</summary>
    public static Refusal? Execute(Analysis analysis, in RegisterState pointer, in MemoryAccess access)
    {
        if (CheckUnmoved(pointer, access.Register) is { } refusal)
            return refusal;
        var field = analysis.Request.Program.Context.Find(
            access.Offset,
            access.Size,
            access.IsWrite,
            analysis.Request.Expected
        );
        if (field is null || access.SignExtends && field.PointerSlot >= 0)
            return Refusal.Access($"invalid bpf_context access off={access.Offset} size={access.Size}");
        if (access.IsWrite || access.Value < 0)
            return null;
        analysis.State[access.Value] = Loaded(analysis, field);
        if (field.PointerSlot >= 0)
            analysis.Resolved[analysis.Slot] = analysis.Instruction with
            {
                Opcode = Opcode.Of(InstructionClass.LoadRegister, AddressMode.Memory, OperandSize.DoubleWord),
                Offset = (short)field.PointerSlot,
            };
        else if (field.SignExtends)
            KeepSign(analysis, access.Size);
        else if (field.KeptSize < field.Size)
            Keep(analysis, field, access);
        return null;
    }

    /// <summary>Whether a socket's field may be read. Sockets are never written.</summary>
    public static Refusal? CheckSocket(
        Analysis analysis,
        in RegisterState pointer,
        int register,
        int offset,
        int size,
        bool write
    )
    {
        var word = pointer.Type.Word();
        if (write)
            return Refusal.Access($"R{register} cannot write into {word}");
        var layout = pointer.Type == RegisterType.Socket ? SockContext.Socket : SockContext.SocketCommon;
        // The layouts of sockets do not depend on the attach type.
        if (layout.Find(offset, size, write: false, default) is not { } field)
            return Refusal.Access($"R{register} invalid {word} access off={offset} size={size}");
        if (field.SignExtends)
            KeepSign(analysis, size);
        return null;
    }

    // The number and nothing else: wherever a load of all of it begins, and where it has no more bytes, zero.
    private static void Keep(Analysis analysis, ContextField field, in MemoryAccess access)
    {
        var instruction = analysis.Instruction;
        if (access.Size >= field.KeptSize)
            analysis.Resolved[analysis.Slot] = instruction with
            {
                Opcode = Opcode.Of(
                    InstructionClass.LoadRegister,
                    Opcode.ModeOf(instruction.Opcode),
                    field.KeptSize == sizeof(short) ? OperandSize.HalfWord : OperandSize.Byte
                ),
                Offset = (short)field.Offset,
            };
        else if (access.Offset >= field.Offset + field.KeptSize)
            analysis.Resolved[analysis.Slot] = instruction with
            {
                Opcode = MoveImmediate,
                Src = 0,
                Offset = 0,
                Imm = 0,
            };
    }

    private static void KeepSign(Analysis analysis, int size)
    {
        if (size is sizeof(short) or sizeof(int))
            analysis.Resolved[analysis.Slot] = analysis.Instruction with
            {
                Opcode = Opcode.Of(
                    InstructionClass.LoadRegister,
                    AddressMode.MemorySigned,
                    size == sizeof(int) ? OperandSize.Word : OperandSize.HalfWord
                ),
            };
    }

    private static RegisterState Loaded(Analysis analysis, ContextField field) =>
        field.Kind switch
        {
            ContextFieldKind.PacketStart or ContextFieldKind.OptvalStart => RegisterState.Pointer(RegisterType.Packet),
            ContextFieldKind.PacketEnd or ContextFieldKind.OptvalEnd => RegisterState.Pointer(RegisterType.PacketEnd),
            ContextFieldKind.Socket => RegisterState.Pointer(RegisterType.Socket),
            ContextFieldKind.SocketOrNull => RegisterState.Pointer(RegisterType.SocketOrNull) with
            {
                Id = analysis.NewId(),
            },
            ContextFieldKind.SocketCommonOrNull => RegisterState.Pointer(RegisterType.SocketCommonOrNull) with
            {
                Id = analysis.NewId(),
            },
            _ => RegisterState.UnknownScalar,
        };
}
