using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;

namespace Conformance.Mutants.Gallery;

/// <summary>Machines that say they are of one kernel and do what another did.</summary>
internal static class EraMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Today(
            "one-program-per-map",
            "It lets one program at a time refer to a storage map.",
            ["sharing.between-programs"],
            latest => latest with { StorageMapServesManyPrograms = false }
        ),
        Today(
            "no-replace",
            "It does not know the replace flag.",
            ["attach.replace"],
            latest => latest with { AttachReplace = false }
        ),
        Today(
            "no-preorder",
            "It does not know the preorder flag.",
            ["attach.preorder"],
            latest => latest with { AttachPreorder = false }
        ),
        Today(
            "no-anchors",
            "It does not know the flags before and after.",
            ["attach.anchors"],
            latest => latest with { AttachAnchors = false }
        ),
        Today("no-links", "It has no links to cgroups.", ["attach.links"], latest => latest with { Links = false }),
        Today(
            "no-link-detach",
            "It cannot detach a link.",
            ["attach.links"],
            latest => latest with { LinkDetach = false }
        ),
        Today(
            "no-percpu-storages",
            "It does not know the per-CPU kind of storage maps.",
            ["maps.kinds", "percpu.area-per-cpu"],
            latest => latest with { PerCpuStorageMaps = false }
        ),
        Today(
            "values-of-a-page",
            "It refuses values of more than a page.",
            ["maps.value-size"],
            latest => latest with { StorageValuesBeyondAPage = false }
        ),
        Today(
            "no-program-access-flags",
            "It does not know the flags that limit what programs may do with a map.",
            ["maps.flags"],
            latest => latest with { ProgramAccessFlags = false }
        ),
        Today(
            "no-types",
            "It refuses storage maps with type information.",
            ["maps.btf-key"],
            latest => latest with { TypedStorageMaps = false }
        ),
        Today(
            "no-map-binding",
            "It cannot bind a map to a program.",
            ["programs.bound-maps"],
            latest => latest with { ProgBindMap = false }
        ),
        Today(
            "no-spin-locks",
            "It makes no maps with spin locks.",
            ["maps.spin-lock"],
            latest => latest with { SpinLocks = false }
        ),
        Today(
            "fields-are-524",
            "It answers error 524 to a lock where none may be.",
            ["maps.spin-lock"],
            latest => latest with { RefusesFieldsWithEopnotsupp = false }
        ),
        Today(
            "misaligned-locks-are-einval",
            "It answers EINVAL to a lock that is not aligned.",
            ["maps.spin-lock-place"],
            latest => latest with { RefusesMisalignedLocksWithEfault = false }
        ),
        Today("no-freeze", "It cannot freeze maps.", ["user.freeze"], latest => latest with { MapFreeze = false }),
        Today(
            "iteration-leaves-the-map",
            "Asked for the key after the last it answers memory of its own.",
            ["user.next-key-end"],
            latest => latest with { IterationEnds = false }
        ),
        Today(
            "no-flags-for-one-cpu",
            "It does not know the flags cpu and all_cpus.",
            ["user.one-cpu"],
            latest => latest with { PerCpuElementFlags = false }
        ),
        Today(
            "no-exclusive-maps",
            "It cannot bind a map to the hash of a program.",
            ["programs.exclusive-maps"],
            latest => latest with { ExclusiveMaps = false }
        ),
        Today(
            "unnamed-maps-do-not-count",
            "It passes over maps that no instruction names.",
            ["arguments.unreferenced-maps"],
            latest => latest with { UnnamedMapsCount = false }
        ),
        Today(
            "refusal-without-the-type",
            "It refuses a helper that is not offered with words of its own.",
            ["programs.others-refused"],
            latest => latest with { NamesProgramTypeInRefusal = false }
        ),
        Today(
            "global-functions-first",
            "It verifies global functions that nothing calls.",
            ["programs.global-functions-when-called"],
            latest => latest with { GlobalFunctionsWhenCalled = false }
        ),
        Today(
            "addition-is-the-only-atomic",
            "It knows no atomics but addition.",
            ["bounds.atomics"],
            latest => latest with { Atomics = false }
        ),
        Former(
            "storages-of-cgroups-too-early",
            "Modelling 5.8 it lets a storage outlive its attachment.",
            ["older-kernels.storage-of-attachment"],
            "5.8.18",
            former => former with { StorageOutlivesAttachment = true }
        ),
        Former(
            "maps-of-many-programs-too-early",
            "Modelling 5.8 it lets several programs refer to one map.",
            ["older-kernels.one-program-per-map"],
            "5.8.18",
            former => former with { StorageMapServesManyPrograms = true }
        ),
        Former(
            "short-keys-too-early",
            "Modelling 5.8 it takes 8-byte keys.",
            ["older-kernels.key-size"],
            "5.8.18",
            former => former with { KeysWithoutAttachType = true }
        ),
        Former(
            "errors-from-programs-too-early",
            "Modelling 5.17 it hands an error from one program to the next.",
            ["older-kernels.verdict"],
            "5.17.15",
            former => former with { VerdictIsAnError = true }
        ),
        Former(
            "program-type-named-too-early",
            "Modelling 6.1 it refuses a helper that is not offered with later words.",
            ["older-kernels.helper-not-offered"],
            "6.1.150",
            former => former with { NamesProgramTypeInRefusal = true }
        ),
        Former(
            "flags-for-one-cpu-too-early",
            "Modelling 6.18 it knows the flags cpu and all_cpus.",
            ["older-kernels.one-cpu"],
            "6.18.44",
            former => former with { PerCpuElementFlags = true }
        ),
        Former(
            "link-update-checks-maps-too-early",
            "Modelling 6.18 it refuses to update a link to a program with other storage maps.",
            ["older-kernels.link-update-storage"],
            "6.18.44",
            former => former with { LinkUpdateKeepsStorageMaps = true }
        ),
        Former(
            "two-kinds-too-early",
            "Modelling 4.19 it accepts a storage map of each kind in one program.",
            ["older-kernels.one-map"],
            "4.19.325",
            former => former with { OneStorageMapOfEachKind = true }
        ),
        Former(
            "large-values-too-early",
            "Modelling 5.14 it takes values of more than a page.",
            ["older-kernels.value-size"],
            "5.14.21",
            former => former with { StorageValuesBeyondAPage = true }
        ),
        Former(
            "eopnotsupp-too-early",
            "Modelling 5.19 it answers EOPNOTSUPP to a lock where none may be.",
            ["older-kernels.spin-lock"],
            "5.19.17",
            former => former with { RefusesFieldsWithEopnotsupp = true }
        ),
    ];

    private static Mutant Today(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<Behaviour, Behaviour> wrong
    ) => Mutant.Behaving(id, sentence, rules, wrong);

    private static Mutant Former(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        string kernel,
        Func<Behaviour, Behaviour> wrong
    ) => new(id, sentence, rules, () => WrongMachine.Of(wrong(Behaviour.For(kernel))));
}
