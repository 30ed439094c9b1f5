using Conformance.Harness.Machines;

namespace Conformance.Cli;

/// <summary>
/// Makes a machine under test and the machine it is held against. A reference VM takes the other's kernel version and CPUs: else they would
/// differ where kernels do.
/// </summary>
internal sealed class MachinePair(
    IReadOnlyDictionary<string, Func<IVirtualMachine>> machines,
    string first,
    string second
)
{
    public string FirstName => first;

    public string SecondName => second;

    public (IVirtualMachine First, IVirtualMachine Second) Create()
    {
        if (first == Machines.Default)
        {
            var other = second == Machines.Default ? Machines.RepeatableReference() : machines[second]();
            return (Machines.RepeatableReference(other.Identity), other);
        }

        var one = machines[first]();
        return (one, second == Machines.Default ? Machines.RepeatableReference(one.Identity) : machines[second]());
    }

    /// <summary>The machine under test alone; the reference VM with every access checked.</summary>
    public IVirtualMachine CreateChecked() =>
        first == Machines.Default ? Machines.CheckedReference() : machines[first]();
}
