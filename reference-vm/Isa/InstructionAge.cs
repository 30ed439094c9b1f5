namespace Conformance.ReferenceVm.Isa;

/// <summary>An addition to the instruction set.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Since">The mainline release that brought it.</param>
public sealed record InstructionFamily(string Name, KernelVersion Since);

/// <summary>
/// Which instructions came after Linux 4.19, and with which release (kernel/bpf/verifier.c and Documentation/bpf/standardization of the
/// releases). Everything else is as old as the helper.
/// </summary>
public static class InstructionAge
{
    /// <summary>Conditional jumps that compare the lower halves.</summary>
    public static InstructionFamily Jump32 { get; } = new("32-bit jumps", new(5, 1));

    /// <summary>64-bit immediate loads of the address of a map's value.</summary>
    public static InstructionFamily DirectValue { get; } = new("addresses of map values", new(5, 2));

    /// <summary>Atomics other than addition, and all that fetch the old value.</summary>
    public static InstructionFamily Atomics { get; } = new("atomics besides addition", new(5, 12));

    /// <summary>64-bit immediate loads of a function's address.</summary>
    public static InstructionFamily FunctionReference { get; } = new("references to functions", new(5, 13));

    /// <summary>64-bit immediate loads that name a map by its place in fd_array.</summary>
    public static InstructionFamily MapIndex { get; } = new("maps by index", new(5, 14));

    /// <summary>Sign-extending loads and moves, signed division, unconditional byte swap, long jumps: cpu v4.</summary>
    public static InstructionFamily Version4 { get; } = new("instructions of cpu v4", new(6, 6));

    /// <summary>Load-acquire and store-release.</summary>
    public static InstructionFamily AcquireRelease { get; } = new("load-acquire and store-release", new(6, 15));

    /// <summary>The addition that an instruction belongs to, or null where it is as old as the helper.</summary>
    public static InstructionFamily? Of(Instruction instruction)
    {
        var opcode = instruction.Opcode;
        switch (Opcode.ClassOf(opcode))
        {
            case InstructionClass.Load when opcode == Opcode.LoadImmediate64:
                return OfImmediate((ImmediateKind)instruction.Src);
            case InstructionClass.LoadRegister:
                return Opcode.ModeOf(opcode) == AddressMode.MemorySigned ? Version4 : null;
            case InstructionClass.StoreRegister when Opcode.IsAtomic(opcode):
                return (AtomicOperation)instruction.Imm switch
                {
                    AtomicOperation.Add => null,
                    AtomicOperation.LoadAcquire or AtomicOperation.StoreRelease => AcquireRelease,
                    _ => Atomics,
                };
            case InstructionClass.Alu or InstructionClass.Alu64:
                return IsVersion4(instruction) ? Version4 : null;
            case InstructionClass.Jump32:
                return opcode == Opcode.GotoLong ? Version4
                    : Opcode.IsConditionalJump(opcode) ? Jump32
                    : null;
            default:
                return null;
        }
    }

    private static InstructionFamily? OfImmediate(ImmediateKind kind) =>
        kind switch
        {
            ImmediateKind.MapDescriptorValue => DirectValue,
            ImmediateKind.Function => FunctionReference,
            ImmediateKind.MapIndex or ImmediateKind.MapIndexValue => MapIndex,
            _ => null,
        };

    private static bool IsVersion4(Instruction instruction) =>
        Opcode.AluOperationOf(instruction.Opcode) switch
        {
            AluOperation.Divide or AluOperation.Modulo => instruction.Offset == 1,
            AluOperation.Move => instruction.Offset is 8 or 16 or 32,
            AluOperation.ByteSwap => Opcode.ClassOf(instruction.Opcode) == InstructionClass.Alu64,
            _ => false,
        };
}
