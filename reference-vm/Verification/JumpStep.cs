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
        var comparison = new Comparison(instruction, analysis.Request.Behaviour);
        var state = analysis.State;
        analysis.RecordStackPointers(
            source: comparison.HasRegister && state[instruction.Src].Type == RegisterType.Stack,
            destination: state[instruction.Dst].Type == RegisterType.Stack
        );
        if (comparison.Predict(state) is { } predicted)
        {
            // The other way is never walked, so the numbers that say so matter.
            analysis.Precision.Require(instruction.Dst);
            if (comparison.HasRegister)
                analysis.Precision.Require(instruction.Src);
            return Step.To(predicted ? taken : analysis.Slot + 1);
        }
        if (analysis.PendingPaths >= MaxPendingPaths)
            return new Refusal(Errno.EFAULT, $"The sequence of {analysis.PendingPaths + 1} jumps is too complex.");
        var linked = comparison.CollectLinked(state);
        analysis.RecordLinked(linked);
        if (!comparison.SaysSomething(state) && analysis.WouldLeak(instruction.Dst))
            return Refusal.Access($"R{instruction.Dst} pointer comparison prohibited");
        var other = state.Clone();
        comparison.Assume(state, taken: false, linked);
        comparison.Assume(other, taken: true, linked);
        analysis.Push(other, taken);
        return Step.To(analysis.Slot + 1);
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
