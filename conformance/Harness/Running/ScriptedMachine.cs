using Conformance.Harness.Machines;

namespace Conformance.Tests.Harness.Running;

/// <summary>A machine that answers what a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedMachine(Func<Operation, Answer> answer, int cpus = 2, string? kernel = "6.18.44")
    : IVirtualMachine
{
    public ScriptedMachine()
        : this(_ => Answer.Ok) { }

    public List<Operation> Asked { get; } = [];

    public int Resets { get; private set; }

    public bool IsDisposed { get; private set; }

    public MachineIdentity Identity { get; } = new("scripted", "1", cpus) { Kernel = kernel };

    public Answer Perform(Operation operation)
    {
        Asked.Add(operation);
        return answer(operation);
    }

    public void Reset() => Resets++;

    /// <summary>What else happens when it is disposed of.</summary>
    public Action Disposing { get; init; } = () => { };

    public void Dispose()
    {
        IsDisposed = true;
        Disposing();
    }
}
