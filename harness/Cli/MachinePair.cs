using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

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
    private const long CheckedRun = 2_000_000;

    // Two programs in a thousand are refused only after the full million; most of the time would go into them.
    private const int CheckedWalk = 100_000;
    private const long CheckedArena = 64 << 20;

    public string FirstName => first;

    public string SecondName => second;

    public (IVirtualMachine First, IVirtualMachine Second) Create()
    {
        if (first == Machines.Default && second != Machines.Default)
        {
            var other = machines[second]();
            return (Like(other.Identity), other);
        }

        var one = machines[first]();
        return (one, second == Machines.Default && first != Machines.Default ? Like(one.Identity) : machines[second]());
    }

    /// <summary>The machine under test alone, the reference VM with every access checked.</summary>
    public IVirtualMachine CreateChecked() =>
        first == Machines.Default
            ? new ReferenceVirtualMachine(
                Behaviour.Latest with
                {
                    Open = new OpenChoices { StackByte = 0xa5 },
                },
                new Limits
                {
                    RunInstructions = CheckedRun,
                    VerifiedInstructions = CheckedWalk,
                    ArenaSize = CheckedArena,
                },
                isChecked: true
            )
            : machines[first]();

    private static ReferenceVirtualMachine Like(MachineIdentity identity) =>
        new(
            identity.Kernel is { } kernel ? Behaviour.For(kernel) : null,
            new Limits { PossibleCpus = identity.Cpus, RunInstructions = ReferenceVirtualMachine.RunInstructions }
        );
}
