using Conformance.Harness.Machines;

namespace Conformance.Mutants;

/// <summary>A deliberately wrong machine: a suite that lets it pass does not check what it says it checks.</summary>
/// <param name="Id">A short name.</param>
/// <param name="Sentence">What it does wrong.</param>
/// <param name="Rule">Id of the rule it breaks; the suite must name it.</param>
/// <param name="Create">Makes one.</param>
public sealed record Mutant(string Id, string Sentence, string Rule, Func<IVirtualMachine> Create)
{
    /// <summary>All mutants.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "accepts-flags",
            "It lets programs pass any flags to the helper.",
            "flags.nonzero-refused",
            () => WrongMachine.With(behaviour => behaviour with { HelperFlagsMustBeZero = false })
        ),
        new(
            "allocates-per-run",
            "It makes a new storage for every run of a program.",
            "pointer.stable-across-runs",
            () => WrongMachine.With(WrongStorages.AllocatedPerRun)
        ),
        new(
            "running-cgroup",
            "It gives an inherited program the storage of the cgroup in which the event happens.",
            "hierarchy.owner-of-the-attachment",
            () => WrongMachine.With(WrongStorages.OfTheRunningCgroup)
        ),
        new(
            "forgets-zeroing",
            "It hands out the memory of a new storage as it finds it.",
            "zeroing.first-sight",
            () => WrongMachine.With(WrongStorages.NotZeroed)
        ),
        new(
            "shares-across-cpus",
            "It gives every CPU the per-CPU area of CPU 0.",
            "percpu.area-per-cpu",
            () => WrongMachine.With(WrongStorages.SharedAcrossCpus)
        ),
    ];

    /// <inheritdoc/>
    public override string ToString() => Id;
}
