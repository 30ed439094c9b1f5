using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>The subprograms of a program: where they start, and that no jump leaves one.</summary>
internal sealed class Subprograms
{
    // BPF_MAX_SUBPROGS.
    private const int MaxCount = 256;

    private readonly int[] _starts;
    private readonly int _length;

    private Subprograms(int[] starts, int length)
    {
        _starts = starts;
        _length = length;
    }

    /// <summary>First slots in ascending order; the main program is the first.</summary>
    public IReadOnlyList<int> Starts => _starts;

    /// <summary>First slot of the subprogram that a slot belongs to.</summary>
    public int StartOf(int slot) => _starts[IndexOf(slot)];

    /// <summary>First slot behind the subprogram that a slot belongs to.</summary>
    public int EndOf(int slot) =>
        IndexOf(slot) is var index && index + 1 < _starts.Length ? _starts[index + 1] : _length;

    /// <summary>Slot that a local call, or a function reference, names.</summary>
    public static int Target(Instruction instruction, int slot) => unchecked(slot + instruction.Imm + 1);

    public static bool IsLocalCall(Instruction instruction) =>
        instruction.Opcode == Opcode.Call && instruction.Src == (byte)CallTarget.Local;

    public static bool IsFunctionReference(Instruction instruction) =>
        instruction.Opcode == Opcode.LoadImmediate64 && instruction.Src == (byte)ImmediateKind.Function;

    public static Refusal? Find(Instruction[] code, out Subprograms subprograms)
    {
        var starts = new SortedSet<int> { 0 };
        subprograms = new Subprograms([0], code.Length);
        for (var slot = 0; slot < code.Length; slot++)
        {
            if (code[slot].Opcode == Opcode.Call && code[slot].Src == (byte)CallTarget.BtfId)
                return Refusal.Invalid($"kernel btf_id {code[slot].Imm} is not a function", slot);
            if (!IsLocalCall(code[slot]) && !IsFunctionReference(code[slot]))
                continue;
            var target = Target(code[slot], slot);
            if (target < 0 || target >= code.Length)
                return Refusal.Invalid("call to invalid destination", slot);
            if (starts.Add(target) && starts.Count > MaxCount)
                return Refusal.TooBig("too many subprograms", slot);
        }
        subprograms = new Subprograms([.. starts], code.Length);
        return subprograms.CheckJumps(code);
    }

    /// <summary>Slot that a jump goes to.</summary>
    public static int JumpTarget(Instruction instruction, int slot) =>
        unchecked(slot + 1 + (instruction.Opcode == Opcode.GotoLong ? instruction.Imm : instruction.Offset));

    private Refusal? CheckJumps(Instruction[] code)
    {
        for (var index = 0; index < _starts.Length; index++)
        {
            var start = _starts[index];
            var end = index + 1 < _starts.Length ? _starts[index + 1] : _length;
            for (var slot = start; slot < end; slot++)
            {
                var opcode = code[slot].Opcode;
                var operation = Opcode.JumpOperationOf(opcode);
                var isJump = Opcode.IsJumpClass(opcode) && operation is not (JumpOperation.Call or JumpOperation.Exit);
                var target = isJump ? JumpTarget(code[slot], slot) : slot;
                if (target < start || target >= end)
                    return Refusal.Invalid($"jump out of range from insn {slot} to {target}", slot);
            }
            // What falls off the end would run into the next subprogram.
            if (code[end - 1].Opcode is not (Opcode.Exit or Opcode.Goto or Opcode.GotoLong))
                return Refusal.Invalid("last insn is not an exit or jmp", end - 1);
        }
        return null;
    }

    /// <summary>The number of the subprogram that a slot belongs to; 0 is the main program.</summary>
    public int IndexOf(int slot)
    {
        var index = Array.BinarySearch(_starts, slot);
        return index >= 0 ? index : ~index - 1;
    }
}
