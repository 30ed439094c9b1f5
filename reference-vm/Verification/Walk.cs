using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Walks every path of a program, depth first, the way that falls through before the way that jumps: the order in which Linux
/// finds faults.
/// </summary>
internal sealed class Walk
{
    private readonly Analysis _analysis;
    private readonly Checkpoints _checkpoints;
    private int _instructions;

    public Walk(Analysis analysis)
    {
        _analysis = analysis;
        _checkpoints = new Checkpoints(analysis);
    }

    /// <summary>The statistics Linux's log ends with.</summary>
    public string Statistics =>
        VerifierLog.Statistics(
            _instructions,
            _analysis.Request.Limits.VerifiedInstructions,
            _checkpoints.MostAtOneSlot,
            _checkpoints.Total
        );

    public Refusal? Run()
    {
        while (true)
        {
            if (++_instructions > _analysis.Request.Limits.VerifiedInstructions)
                return Refusal.TooBig($"BPF program is too large. Processed {_instructions} insn");
            StartLoop();
            if (_analysis.Flow.IsPrunePoint(_analysis.Slot))
            {
                var (refusal, isCovered) = _checkpoints.Visit(_instructions);
                if (refusal is not null)
                    return refusal;
                if (isCovered)
                {
                    _analysis.Log.Instruction(_analysis, "safe");
                    if (!_analysis.EndPath())
                        return null;
                    continue;
                }
            }
            _analysis.Walked[_analysis.Slot] = true;
            _analysis.Log.Instruction(_analysis);
            var step = Execute();
            if (step.Refusal is { } fault)
                return fault;
            _analysis.Log.State(_analysis);
            if (!step.IsEnd)
                _analysis.Slot = step.Next;
            else if (!_analysis.EndPath())
                return null;
        }
    }

    // An arrival at a helper that calls back, other than the callback's own return, starts a loop of its own.
    private void StartLoop()
    {
        var state = _analysis.State;
        if (!_analysis.Flow.CallsBack(_analysis.Slot) || state.ReturnedFromCallback)
            return;
        state.Top.Invocation = _analysis.NewId();
        state.Top.CallbackDepth = 0;
    }

    private Step Execute()
    {
        var opcode = _analysis.Instruction.Opcode;
        switch (Opcode.ClassOf(opcode))
        {
            case InstructionClass.Alu or InstructionClass.Alu64:
                return Then(ArithmeticStep.Execute(_analysis));
            case InstructionClass.Load:
                return Then(MemoryStep.LoadImmediate(_analysis));
            case InstructionClass.LoadRegister:
                return Then(MemoryStep.Load(_analysis));
            case InstructionClass.Store:
                return Then(MemoryStep.StoreImmediate(_analysis));
            case InstructionClass.StoreRegister:
                return Then(MemoryStep.StoreRegister(_analysis));
        }
        _checkpoints.Jumps++;
        return Opcode.JumpOperationOf(opcode) switch
        {
            JumpOperation.Always => JumpStep.Always(_analysis),
            JumpOperation.Call => CallStep.Call(_analysis),
            JumpOperation.Exit => CallStep.Exit(_analysis),
            _ => JumpStep.Conditional(_analysis),
        };
    }

    private Step Then(Refusal? refusal) =>
        refusal is not null ? refusal : Step.To(_analysis.Slot + EncodingRules.SlotsAt(_analysis.Code, _analysis.Slot));
}
