using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Calls of subprograms, and returns from them.</summary>
internal static class CallStep
{
    public static Step Call(Analysis analysis)
    {
        var instruction = analysis.Instruction;
        var target = (CallTarget)instruction.Src;
        if (instruction is not { Offset: 0, Dst: 0 } || target is not (CallTarget.Helper or CallTarget.Local))
            return Refusal.Invalid("BPF_CALL uses reserved fields");
        if (target == CallTarget.Local)
            return Local(analysis, instruction);
        if (HelperCall.Execute(analysis, instruction) is { } refusal)
            return refusal;
        return instruction.Imm == (int)HelperId.TailCall && analysis.State.Frames.Count > 1
            ? ReturnFromTarget(analysis)
            : Step.To(analysis.Slot + 1);
    }

    public static Step Exit(Analysis analysis)
    {
        var state = analysis.State;
        if (analysis.Instruction is not { Imm: 0, Src: 0, Dst: 0 })
            return Refusal.Invalid("BPF_EXIT uses reserved fields");
        if (state.Frames.Count == 1)
        {
            if (state.Lock is not null)
                return Refusal.Invalid(
                    "BPF_EXIT instruction in main prog cannot be used inside bpf_spin_lock-ed region"
                );
            var result =
                state.Top.Subprogram == 0 ? ReturnValue.CheckMain(analysis) : analysis.GlobalFunctions.CheckResult();
            return result is { } refusal ? refusal : Step.End;
        }
        return Return(analysis, state);
    }

    /// <summary>Adds the frame of a called subprogram; the caller says what its registers hold.</summary>
    public static Refusal? Enter(Analysis analysis, MachineState state, int subprogram, bool isCallback)
    {
        if (state.Frames.Count >= analysis.Request.Limits.CallFrames)
            return Refusal.TooBig($"the call stack of {state.Frames.Count + 1} frames is too deep");
        analysis.Calls.Add((state.Top.Subprogram, subprogram));
        var instance = analysis.StackLiveness.Enter(state.Top.Instance, analysis.Slot, subprogram);
        var frame = new Frame(subprogram, analysis.Slot, instance) { IsCallback = isCallback };
        frame.Registers[Register.Frame] = RegisterState.Pointer(RegisterType.Stack) with { Frame = state.Frames.Count };
        state.Frames.Add(frame);
        return null;
    }

    /// <summary>A call leaves nothing readable in R0 to R5.</summary>
    public static void Clobber(Frame frame)
    {
        for (var register = 0; register <= Register.LastArgument; register++)
            frame.Registers[register] = RegisterState.Uninitialised;
    }

    private static Step Local(Analysis analysis, Instruction instruction)
    {
        var state = analysis.State;
        var caller = state.Top;
        var target = Subprograms.Target(instruction, analysis.Slot);
        if (analysis.GlobalFunctions.Contains(target))
            return analysis.GlobalFunctions.Call(target) is { } unfit ? unfit : Step.To(analysis.Slot + 1);
        if (Enter(analysis, state, target, isCallback: false) is { } refusal)
            return refusal;
        for (int register = Register.FirstArgument; register <= Register.LastArgument; register++)
            state[register] = caller.Registers[register];
        Clobber(caller);
        return Step.To(target);
    }

    // A program that a subprogram tail-calls returns in its place, to its caller, with a number of which nothing is known. As
    // in Linux it counts as having changed the packet, and the way on behind a call that found no target is walked later.
    private static Step ReturnFromTarget(Analysis analysis)
    {
        var state = analysis.State;
        analysis.Push(state.Clone(), analysis.Slot + 1);
        var lost = analysis.CanLeakPointers ? RegisterState.UnknownScalar : RegisterState.Uninitialised;
        state.Rewrite(register => register.Type is RegisterType.Packet or RegisterType.PacketEnd ? lost : register);
        state[Register.Result] = RegisterState.UnknownScalar;
        return Return(analysis, state);
    }

    private static Step Return(Analysis analysis, MachineState state)
    {
        var callee = state.Top;
        var result = callee.Registers[Register.Result];
        if (result.Type == RegisterType.Stack)
            return Refusal.Invalid("cannot return stack pointer to the caller");
        if (callee.IsCallback && ReturnValue.CheckCallback(analysis) is { } refusal)
            return refusal;
        analysis.StackLiveness.Update(state);
        state.Frames.RemoveAt(state.Frames.Count - 1);
        if (!callee.IsCallback)
        {
            state[Register.Result] = result;
            return Step.To(callee.CallSite + 1);
        }
        // The walk goes back to the helper's call, which decides whether there may be another iteration.
        if (analysis.EarlierAt(callee.CallSite) is { } previous)
            Widening.Apply(previous, state);
        return Step.To(callee.CallSite);
    }
}
