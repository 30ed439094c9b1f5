using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;

namespace Conformance.Mutants.Seams;

/// <summary>Reference VMs with one thing wrong.</summary>
internal static class WrongMachine
{
    public static IVirtualMachine With(Func<Behaviour, Behaviour> wrong) => Of(wrong(Behaviour.Latest));

    public static IVirtualMachine With(StorageRules storages) =>
        With(behaviour => behaviour with { Storages = storages });

    public static IVirtualMachine With(Func<Limits, Limits> wrong) =>
        new ReferenceVirtualMachine(
            Behaviour.Latest,
            wrong(new Limits { RunInstructions = ReferenceVirtualMachine.RunInstructions })
        );

    public static IVirtualMachine With(Alteration alteration) => new AlteredMachine(Of(Behaviour.Latest), alteration);

    public static IVirtualMachine Of(Behaviour behaviour) => new ReferenceVirtualMachine(behaviour);
}
