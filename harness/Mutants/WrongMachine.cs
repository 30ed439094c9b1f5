using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;

namespace Conformance.Mutants;

/// <summary>Reference VMs with one thing wrong.</summary>
internal static class WrongMachine
{
    public static ReferenceVirtualMachine With(Func<Behaviour, Behaviour> wrong) => new(wrong(Behaviour.Latest));

    public static ReferenceVirtualMachine With(StorageRules storages) =>
        With(behaviour => behaviour with { Storages = storages });
}
