using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Which registers may still be read, by slot, found backwards over the graph of each subprogram. A register that is dead
/// need not be compared when states are.
/// </summary>
internal sealed class Liveness
{
    private const ushort Arguments = 0b11_1110;
    private const ushort CallerSaved = 0b11_1111;
    private const ushort Result = 1;

    private readonly ushort[] _before;

    private Liveness(ushort[] before) => _before = before;

    /// <summary>Bit mask of the registers that are live before the slot is executed.</summary>
    public ushort Before(int slot) => _before[slot];

    public static Liveness Of(Instruction[] code)
    {
        var before = new ushort[code.Length];
        var jumpsTo = JumpsByTarget(code);
        // A slot is looked at again only where what comes behind it has changed: a chain of jumps backwards costs no more than any other.
        var pending = new Stack<int>(Enumerable.Range(0, code.Length));
        while (pending.TryPop(out var slot))
        {
            var (uses, defines) = Effects(code[slot]);
            var live = (ushort)(After(code, before, slot) & ~defines | uses);
            if (live == before[slot])
                continue;
            before[slot] = live;
            // Whatever is no jump comes right before, or, of two slots, one earlier.
            for (var earlier = slot - 1; earlier >= Math.Max(slot - 2, 0); earlier--)
                pending.Push(earlier);
            foreach (var jump in jumpsTo[slot])
                pending.Push(jump);
        }
        return new Liveness(before);
    }

    private static ILookup<int, int> JumpsByTarget(Instruction[] code) =>
        Enumerable
            .Range(0, code.Length)
            .Where(slot => Opcode.IsJumpClass(code[slot].Opcode))
            .Where(slot => Opcode.JumpOperationOf(code[slot].Opcode) is not (JumpOperation.Exit or JumpOperation.Call))
            .ToLookup(slot => Subprograms.JumpTarget(code[slot], slot));

    private static ushort After(Instruction[] code, ushort[] before, int slot)
    {
        var instruction = code[slot];
        var next = slot + EncodingRules.SlotsAt(code, slot);
        ushort At(int index) => index < before.Length ? before[index] : (ushort)0;
        if (!Opcode.IsJumpClass(instruction.Opcode))
            return At(next);
        return Opcode.JumpOperationOf(instruction.Opcode) switch
        {
            JumpOperation.Exit => 0,
            JumpOperation.Call => At(next),
            JumpOperation.Always => At(Subprograms.JumpTarget(instruction, slot)),
            _ => (ushort)(At(next) | At(Subprograms.JumpTarget(instruction, slot))),
        };
    }

    private static (ushort Uses, ushort Defines) Effects(Instruction instruction)
    {
        var dst = (ushort)(1 << instruction.Dst);
        var src = (ushort)(1 << instruction.Src);
        switch (Opcode.ClassOf(instruction.Opcode))
        {
            case InstructionClass.Load:
                return (0, dst);
            case InstructionClass.LoadRegister:
                return (src, dst);
            case InstructionClass.Store:
                return (dst, 0);
            case InstructionClass.StoreRegister:
                return Store(instruction, dst, src);
            case InstructionClass.Alu or InstructionClass.Alu64:
                var operation = Opcode.AluOperationOf(instruction.Opcode);
                // Of a byte swap the bit says in which order, not where from.
                var isUnary = operation is AluOperation.ByteSwap or AluOperation.Negate;
                var fromRegister = !isUnary && Opcode.SourceOf(instruction.Opcode) == OperandSource.Register;
                var read = fromRegister ? src : (ushort)0;
                return ((ushort)(operation == AluOperation.Move ? read : read | dst), dst);
        }
        return Opcode.JumpOperationOf(instruction.Opcode) switch
        {
            JumpOperation.Exit => (Result, 0),
            JumpOperation.Always => (0, 0),
            JumpOperation.Call => (ArgumentsOf(instruction), CallerSaved),
            _ => ((ushort)(Opcode.SourceOf(instruction.Opcode) == OperandSource.Register ? dst | src : dst), 0),
        };
    }

    private static (ushort Uses, ushort Defines) Store(Instruction instruction, ushort dst, ushort src)
    {
        if (!Opcode.IsAtomic(instruction.Opcode))
            return ((ushort)(dst | src), 0);
        return (AtomicOperation)instruction.Imm switch
        {
            AtomicOperation.LoadAcquire => (src, dst),
            AtomicOperation.CompareExchange => ((ushort)(dst | src | Result), Result),
            AtomicOperation.Exchange => ((ushort)(dst | src), src),
            _ => ((ushort)(dst | src), 0),
        };
    }

    private static ushort ArgumentsOf(Instruction instruction)
    {
        if (instruction.Src == (byte)CallTarget.Helper && HelperPrototypes.Find(instruction.Imm) is { } helper)
            return (ushort)((1 << helper.Arguments.Count + 1) - 2);
        return Arguments;
    }
}
