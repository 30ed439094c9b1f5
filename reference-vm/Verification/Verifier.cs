using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Decides by abstract interpretation whether a program may run. What it accepts never traps in checked mode; where it
/// refuses, errno and message are Linux's, and where several things are wrong, the fault reported is the one Linux finds first.
/// </summary>
/// <remarks>
/// Programs are refused here that Linux 6.18 accepts though their accesses go astray: it loses sight of how often bpf_loop calls back (see
/// <see cref="Backtrack"/>).
/// </remarks>
public static class Verifier
{
    // BPF_F_SLEEPABLE.
    private const uint Sleepable = 16;

    /// <summary>Verifies a program. Total: any slots whatever get a verdict.</summary>
    public static Verdict Verify(LoadRequest request)
    {
        var code = request.Instructions;
        var limits = request.Limits;
        if (code.Length == 0 || code.Length > limits.ProgramInstructions)
            return Refuse(
                request,
                Refusal.TooBig($"the program has {code.Length} instructions, not 1 to {limits.ProgramInstructions}")
            );
        if (Subprograms.Find(code, out var subprograms) is { } malformed)
            return Refuse(request, malformed);
        if (InstructionSet.Check(request) is { } unknown)
            return Refuse(request, unknown);
        if (MapReferences.Resolve(request, out var maps) is { } unresolved)
            return Refuse(request, unresolved);
        if (ControlFlow.Build(code, out var flow) is { } misshapen)
            return Refuse(request, misshapen);
        if (!request.Behaviour.BoundedLoops && LoopFinder.FirstBackEdge(code, flow) is { } backEdge)
            return Refuse(request, backEdge);
        if ((request.Flags & Sleepable) != 0 && request.Program.Type != ProgramType.Kprobe)
            return Refuse(
                request,
                Refusal.Invalid(
                    "Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable"
                )
            );
        var analysis = new Analysis(request, subprograms, maps, flow);
        var walk = new Walk(analysis);
        if (WalkAll(analysis, walk) is { } fault)
            return Refuse(fault with { Slot = fault.Slot ?? analysis.Slot }, analysis.Log, walk.Statistics);
        if (StackUsage.Check(analysis) is { } overflow)
            return Refuse(overflow, analysis.Log, walk.Statistics);
        if (request.Behaviour.RefusesUnwalkedCallbacks && LostCallbacks.Check(analysis) is { } lost)
            return Refuse(lost, analysis.Log, walk.Statistics);
        return new Accepted(Resolution.Resolve(analysis), analysis.Log.Finish(null, walk.Statistics));
    }

    private static Refusal? WalkAll(Analysis analysis, Walk walk)
    {
        var functions = analysis.GlobalFunctions;
        if (analysis.Request.Behaviour.GlobalFunctionsWhenCalled)
            return walk.Run() ?? functions.WalkCalled(walk);
        if (functions.WalkAll(walk) is { } refusal)
            return refusal;
        analysis.Begin(MachineState.Initial(analysis.StackLiveness.Main), slot: 0);
        return walk.Run();
    }

    private static Refused Refuse(LoadRequest request, Refusal refusal) =>
        Refuse(
            refusal,
            new VerifierLog(request.LogLevel),
            VerifierLog.Statistics(0, request.Limits.VerifiedInstructions, mostStates: 0, states: 0)
        );

    private static Refused Refuse(Refusal refusal, VerifierLog log, string statistics) =>
        new(refusal.Errno, refusal.Message, refusal.Slot ?? -1, log.Finish(refusal.Message, statistics));
}
