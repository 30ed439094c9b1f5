using Conformance.Harness.Machines;

namespace Conformance.Tests.Cli;

/// <summary>A machine that answers every lookup with the same eight bytes, and may be told to misbehave.</summary>
internal sealed class ScriptedMachine(byte stored = 0) : IVirtualMachine
{
    /// <summary>Asked before every operation; an answer it gives is the machine's.</summary>
    public Func<Operation, Answer?> Instead { get; init; } = _ => null;

    public string? Kernel { get; init; } = "6.18.44";

    public string? LiveArchitecture { get; init; }

    public MachineIdentity Identity =>
        new("scripted", "1.0", Cpus: 4) { Kernel = Kernel, LiveArchitecture = LiveArchitecture };

    public Answer Perform(Operation operation) =>
        Instead(operation)
        ?? operation switch
        {
            MapLookupElem => new Answer(AnswerKind.Ok) { Value = [stored, 0, 0, 0, 0, 0, 0, 0] },
            Fire => new Answer(AnswerKind.Ok) { Outcome = EventOutcome.Completed },
            _ => Answer.Ok,
        };

    public void Reset() { }

    public void Dispose() { }
}
