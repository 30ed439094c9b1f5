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
        _checkpoints = analysis.Checkpoints;
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
            _analysis.BeginStep();
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
            _analysis.RecordJump();
            _analysis.Walked[_analysis.Slot] = true;
            _analysis.Log.Instruction(_analysis);
            var instance = _analysis.State.Top.Instance;
            var step = Execute();
            if (step.Refusal is { } fault)
                return fault;
            // What a subprogram writes is told to its caller when it has been walked.
            if (instance == _analysis.State.Top.Instance)
                _analysis.StackLiveness.Commit(instance, _analysis.Slot);
            _analysis.Log.State(_analysis);
            if (!step.IsEnd)
                _analysis.GoTo(step.Next);
            else if (!_analysis.EndPath())
                return null;
        }
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
