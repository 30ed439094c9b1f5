using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;

namespace Conformance.Mutants.Gallery;

/// <summary>The two arguments: flags and map.</summary>
internal static class ArgumentMutants
{
    private const string FlagsRefusal = "get_local_storage() doesn't support non-zero flags";
    private const string WrongMap = "cannot pass map_type";
    private const byte MoveRegister = 0xbf;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Behaving(
            "accepts-flags",
            "It lets programs pass any flags to the helper.",
            ["flags.nonzero-refused"],
            behaviour => behaviour with { HelperFlagsMustBeZero = false }
        ),
        Mutant.Asking(
            "truncates-flags",
            "It looks at the lower 32 bits of the flags only.",
            ["flags.nonzero-refused"],
            operation => FlagsArgument.SeenAs(operation, flags => (int)flags == 0 ? 0 : flags)
        ),
        Mutant.Asking(
            "one-bit-of-flags",
            "It looks at the lowest bit of the flags only.",
            ["flags.nonzero-refused"],
            operation => FlagsArgument.SeenAs(operation, flags => flags % 2 == 0 ? 0 : flags)
        ),
        Mutant.Asking(
            "refuses-positive-flags",
            "It takes the flags for a signed number and refuses positive ones only.",
            ["flags.nonzero-refused"],
            operation => FlagsArgument.SeenAs(operation, flags => flags < 0 ? 0 : flags)
        ),
        Mutant.Answering(
            "accepts-unknown-flags",
            "It refuses flags that are known to be other than zero, and accepts those it knows nothing of.",
            ["flags.unknown-refused"],
            Verdict.Accept(
                (load, answer) =>
                    answer.Message?.Contains(FlagsRefusal, StringComparison.Ordinal) == true
                    && FlagsArgument.IsLoaded(load)
            )
        ),
        Mutant.Instead(
            "flags-must-be-literal",
            "It accepts flags only where a literal zero is moved into R2.",
            ["flags.zero-accepted", "flags.known-zero"],
            Verdict.Refuse((load, _) => FlagsArgument.IsNoLiteral(load), Errno.EINVAL, FlagsRefusal)
        ),
        Mutant.Instead(
            "forgets-constants-on-the-stack",
            "It does not know a zero again that was saved to the stack.",
            ["flags.zero-accepted"],
            Verdict.Refuse((load, _) => FlagsArgument.IsLoaded(load), Errno.EINVAL, FlagsRefusal)
        ),
        Mutant.Answering(
            "flags-checked-on-one-path",
            "It checks the flags on the path that does not jump only.",
            ["flags.every-path"],
            Verdict.Accept(
                (load, answer) =>
                    answer.Message?.Contains(FlagsRefusal, StringComparison.Ordinal) == true
                    && Slots.Of(load).Any(slot => slot.Opcode % 8 is 5 or 6 && slot.Opcode is not (0x85 or 0x95 or 5))
            )
        ),
        Mutant.Answering(
            "flags-refusal-is-eacces",
            "It refuses flags with EACCES.",
            ["flags.refusal"],
            Verdict.Errno(FlagsRefusal, Errno.EACCES)
        ),
        Mutant.Answering(
            "flags-refusal-has-other-words",
            "It refuses flags with a message of its own.",
            ["flags.refusal"],
            Verdict.Words(FlagsRefusal, "R2 must be a known zero")
        ),
        Mutant.Answering(
            "map-before-flags",
            "It checks the type of the map before the flags.",
            ["flags.order"],
            (operation, answer, world) =>
                operation is ProgLoad load
                && answer.Message?.Contains(FlagsRefusal, StringComparison.Ordinal) == true
                && load.Maps.Any(reference =>
                    world.Maps.ContainsKey(reference.Map) && world.StorageMap(reference.Map) is null
                )
                    ? answer with
                    {
                        Message = $"{WrongMap} 2 into func bpf_get_local_storage#81",
                    }
                    : answer
        ),
        Mutant.Answering(
            "any-map",
            "It accepts a map that is no storage map.",
            ["arguments.storage-map-only"],
            Verdict.Accept("into func bpf_get_local_storage")
        ),
        Mutant.Answering(
            "any-first-argument",
            "It accepts a first argument that is no map.",
            ["arguments.map-required"],
            Verdict.Accept("expected=map_ptr")
        ),
        Mutant.Answering(
            "wrong-map-is-eacces",
            "It refuses a map that is no storage map with EACCES.",
            ["arguments.refusal"],
            Verdict.Errno(WrongMap, Errno.EACCES)
        ),
        Mutant.Answering(
            "uninitialised-arguments",
            "It accepts arguments that nothing was written to.",
            ["arguments.initialised"],
            Verdict.Accept(
                (load, answer) =>
                    answer.Message?.Contains("!read_ok", StringComparison.Ordinal) == true && Slots.CallsHelper(load)
            )
        ),
        Mutant.Answering(
            "scratch-registers-survive",
            "It lets programs read R1 to R5 after the call.",
            ["arguments.scratch-registers"],
            Verdict.Accept("!read_ok")
        ),
        Mutant.Instead(
            "map-must-be-literal",
            "It demands that the map is loaded into R1 and not moved there.",
            ["arguments.map-travels"],
            Verdict.Refuse(
                (load, _) =>
                    Slots.AnyCall(
                        load,
                        (slots, call) =>
                            slots[..call]
                                .LastOrDefault(slot => slot.Dst == 1 && slot.Opcode is 0x18 or MoveRegister or 0x79)
                                is { Opcode: not 0x18 }
                    ),
                Errno.EINVAL,
                "R1 type=map_value expected=map_ptr"
            )
        ),
        Mutant.Answering(
            "two-maps-of-a-kind",
            "It accepts two maps of one kind in a program.",
            ["arguments.one-map-per-kind"],
            Verdict.Accept((_, answer) => answer.Errno == Errno.EBUSY)
        ),
        Mutant.Instead(
            "one-map-in-all",
            "It accepts one storage map in a program, of whatever kind.",
            ["arguments.one-map-per-kind", "identity.kinds-are-independent"],
            Verdict.Refuse(
                (load, world) =>
                    load.Maps.Select(reference => reference.Map)
                        .Where(map => world.StorageMap(map) is not null)
                        .Select(world.IsPerCpu)
                        .Distinct()
                        .Count() > 1,
                Errno.EBUSY,
                "only one cgroup storage is allowed"
            )
        ),
        Mutant.Instead(
            "counts-references-for-maps",
            "It takes two references to one map for two maps.",
            ["arguments.one-map-per-kind"],
            Verdict.Refuse(
                (load, world) =>
                    load
                        .Maps.Where(reference => world.StorageMap(reference.Map) is not null)
                        .GroupBy(reference => reference.Map)
                        .Any(references => references.Count() > 1),
                Errno.EBUSY,
                "only one cgroup storage of each type is allowed"
            )
        ),
        Mutant.Answering(
            "two-maps-is-einval",
            "It refuses a second map of one kind with EINVAL.",
            ["arguments.one-map-per-kind"],
            Verdict.Errno("only one cgroup storage", Errno.EINVAL)
        ),
        Mutant.Answering(
            "map-pointer-moves",
            "It accepts arithmetic on the map pointer.",
            ["arguments.map-arithmetic"],
            Verdict.Accept("pointer arithmetic on map_ptr prohibited")
        ),
    ];
}
