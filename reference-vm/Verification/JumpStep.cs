using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Jumps: which ways they may go, and what each way says about the registers compared.</summary>
internal static class JumpStep
{
    // BPF_COMPLEXITY_LIMIT_JMP_SEQ.
    private const int MaxPendingPaths = 8192;

    public static Step Always(Analysis analysis)
    {
        var instruction = analysis.Instruction;
        var isLong = instruction.Opcode == Opcode.GotoLong;
        if (instruction.Src != 0 || instruction.Dst != 0 || (isLong ? instruction.Offset : instruction.Imm) != 0)
            return Refusal.Invalid("BPF_JA uses reserved fields");
        return Step.To(Subprograms.JumpTarget(instruction, analysis.Slot));
    }

    public static Step Conditional(Analysis analysis)
    {
        var instruction = analysis.Instruction;
        if (CheckOperands(analysis, instruction) is { } refusal)
            return refusal;
        var taken = Subprograms.JumpTarget(instruction, analysis.Slot);
        var comparison = new Comparison(instruction);
        switch (comparison.Predict(analysis.State))
        {
            case true:
                return Step.To(taken);
            case false:
                return Step.To(analysis.Slot + 1);
        }
        if (analysis.PendingPaths >= MaxPendingPaths)
            return Refusal.TooBig($"The sequence of {analysis.PendingPaths} jumps is too complex.");
        var other = analysis.State.Clone();
        if (!comparison.SaysSomething(analysis.State) && analysis.WouldLeak(instruction.Dst))
            return Refusal.Access($"R{instruction.Dst} pointer comparison prohibited");
        var goesOn = comparison.Assume(analysis.State, taken: false);
        var jumps = comparison.Assume(other, taken: true);
        // No number satisfies the one or the other: that way is dead, and was merely not seen to be.
        if (!goesOn && !jumps)
            return Step.End;
        if (!jumps)
            return Step.To(analysis.Slot + 1);
        analysis.Push(other, taken);
        return goesOn ? Step.To(analysis.Slot + 1) : Step.End;
    }

    private static Refusal? CheckOperands(Analysis analysis, Instruction instruction)
    {
        if (analysis.Read(instruction.Dst) is { } unreadable)
            return unreadable;
        if (Opcode.SourceOf(instruction.Opcode) == OperandSource.Immediate)
            return instruction.Src == 0 ? null : Refusal.Invalid("BPF_JMP/JMP32 uses reserved fields");
        if (instruction.Imm != 0)
            return Refusal.Invalid("BPF_JMP/JMP32 uses reserved fields");
        if (analysis.Read(instruction.Src) is { } refusal)
            return refusal;
        var bothOfPacket = IsOfPacket(analysis, instruction.Dst) && IsOfPacket(analysis, instruction.Src);
        return !bothOfPacket && analysis.WouldLeak(instruction.Src)
            ? Refusal.Access($"R{instruction.Src} pointer comparison prohibited")
            : null;
    }

    private static bool IsOfPacket(Analysis analysis, int register) =>
        analysis.State[register].Type is RegisterType.Packet or RegisterType.PacketEnd;
}
