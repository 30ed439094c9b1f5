using System.Collections.Frozen;
using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Mutants.Gallery;

/// <summary>Which programs are accepted, and the words with which others are refused.</summary>
internal static class LoadMutants
{
    private const uint StrictAlignment = 1;
    private const uint Sleepable = 16;
    private const byte MoveImmediate = 0xb7;
    private const byte JumpIfZero = 0x15;
    private const byte JumpUnlessZero = 0x55;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Instead(
            "demands-null-check",
            "It takes the result for a pointer that may be null and demands a comparison.",
            ["pointer.never-null"],
            Verdict.Refuse(
                (load, _) =>
                    Slots.AnyCall(load, (slots, call) => call + 1 < slots.Length && !IsNullCheck(slots[call + 1])),
                Errno.EACCES,
                "R0 invalid mem access 'map_value_or_null'"
            )
        ),
        Mutant.Answering(
            "bounds-not-checked",
            "It does not check the bounds of accesses to the value.",
            ["bounds.beyond-refused"],
            Verdict.Accept("invalid access to map value, value_size=")
        ),
        Mutant.Answering(
            "negative-offsets",
            "It checks the upper bound of accesses only.",
            ["bounds.beyond-refused"],
            Verdict.Accept((_, answer) => answer.Message?.Contains(" off=-", StringComparison.Ordinal) == true)
        ),
        Mutant.Answering(
            "variable-offsets-not-checked",
            "It accepts variable offsets of any range.",
            ["bounds.variable-offset"],
            Verdict.Accept(
                (_, answer) =>
                    answer.Message is { } message
                    && (
                        message.Contains("unbounded memory access", StringComparison.Ordinal)
                        || message.Contains("min value is negative", StringComparison.Ordinal)
                        || message.Contains("max value is outside", StringComparison.Ordinal)
                    )
            )
        ),
        Mutant.Answering(
            "out-of-bounds-is-einval",
            "It refuses accesses out of bounds with EINVAL.",
            ["bounds.refusal"],
            Verdict.Errno("invalid access to map value", Errno.EINVAL)
        ),
        Mutant.Answering(
            "no-second-line",
            "It does not say which bound of an access fails.",
            ["bounds.refusal-reason"],
            Verdict.Words("value is outside of the allowed memory range", "value is wrong")
        ),
        Mutant.Answering(
            "any-arithmetic",
            "It accepts any arithmetic on the pointer.",
            ["bounds.pointer-arithmetic"],
            Verdict.Accept("operator")
        ),
        Mutant.Asking(
            "ignores-strict-alignment",
            "It passes over the load flag for strict alignment.",
            ["bounds.alignment"],
            operation => operation is ProgLoad load ? load with { Flags = load.Flags & ~StrictAlignment } : operation
        ),
        Mutant.Asking(
            "always-strict-alignment",
            "It demands aligned accesses of every program.",
            ["bounds.alignment"],
            operation => operation is ProgLoad load ? load with { Flags = load.Flags | StrictAlignment } : operation
        ),
        Mutant.Answering(
            "misaligned-atomics",
            "It accepts atomics that are not aligned.",
            ["bounds.atomic-limits"],
            Verdict.Accept("misaligned")
        ),
        Mutant.Answering(
            "small-atomics",
            "It accepts atomics of one and two bytes.",
            ["bounds.atomic-limits"],
            Verdict.Accept("invalid atomic operand size")
        ),
        Mutant.Answering(
            "lock-word-is-data",
            "It lets programs load and store the bytes of a lock.",
            ["bounds.lock-word"],
            Verdict.Accept("bpf_spin_lock cannot be accessed directly")
        ),
        Mutant.Asking(
            "no-privileges",
            "It loads programs for callers without any capability.",
            ["programs.capabilities"],
            operation => operation is ProgLoad load ? load with { Without = [] } : operation
        ),
        Mutant.Asking(
            "everyone-may-leak",
            "It lets loaders without CAP_PERFMON treat pointers as numbers.",
            ["pointer.no-leak"],
            operation =>
                operation is ProgLoad load
                    ? load with
                    {
                        Without = [.. load.Without.Where(capability => capability != Capability.Perfmon)],
                    }
                    : operation
        ),
        Mutant.Altering(
            "pointers-never-leave",
            "It refuses to store the pointer for privileged loaders too.",
            ["pointer.is-data"],
            new()
            {
                Asks = (operation, _) =>
                    operation is ProgLoad load && Slots.CallsHelper(load)
                        ? load with
                        {
                            Without = [.. load.Without.Append(Capability.Perfmon).Distinct()],
                        }
                        : operation,
            }
        ),
        Mutant.Answering(
            "result-may-be-returned",
            "It lets a program return the pointer.",
            ["programs.result-type"],
            Verdict.Accept(
                (load, answer) =>
                    Slots.CallsHelper(load)
                    && answer.Message?.Contains("At program exit", StringComparison.Ordinal) == true
            )
        ),
        Mutant.Answering(
            "offers-it-to-all",
            "It offers the helper to programs of every type.",
            ["programs.others-refused"],
            Verdict.Accept("program of this type cannot use helper bpf_get_local_storage")
        ),
        Mutant.Instead(
            "not-offered-to-sockopt",
            "It does not offer the helper to cgroup_sockopt programs.",
            ["programs.offered"],
            Verdict.Refuse(
                (load, _) => load.Type == ProgramType.CgroupSockopt && Slots.CallsHelper(load),
                Errno.EINVAL,
                "program of this type cannot use helper bpf_get_local_storage#81"
            )
        ),
        Mutant.Instead(
            "offered-to-skb-only",
            "It offers the helper to cgroup_skb programs only.",
            ["programs.offered"],
            Verdict.Refuse(
                (load, _) => load.Type != ProgramType.CgroupSkb && Slots.CallsHelper(load),
                Errno.EINVAL,
                "program of this type cannot use helper bpf_get_local_storage#81"
            )
        ),
        Mutant.Answering(
            "other-helpers-take-storage-maps",
            "It lets programs pass a storage map to other helpers.",
            ["programs.other-helpers"],
            Verdict.Accept("into func bpf_map_")
        ),
        Mutant.Answering(
            "iterates-storage-maps",
            "It lets programs iterate over a storage map.",
            ["programs.no-iteration"],
            Verdict.Accept("callback function not allowed for map")
        ),
        Mutant.Asking(
            "ignores-sleepable",
            "It passes over the load flag for sleepable programs.",
            ["programs.never-sleepable", "programs.not-sleepable"],
            operation => operation is ProgLoad load ? load with { Flags = load.Flags & ~Sleepable } : operation
        ),
        Mutant.Answering(
            "any-expected-attach-type",
            "It loads programs for attach types that are not their type's.",
            ["programs.expected-attach-type"],
            Verdict.Accept((load, answer) => answer.Errno == Errno.EINVAL && string.IsNullOrEmpty(answer.Message))
        ),
        Mutant.Answering(
            "any-return-value",
            "It does not check the range of a program's return value.",
            ["events.return-range"],
            Verdict.Accept("At program exit the register R0 has")
        ),
        Mutant.Answering(
            "callbacks-change-keys",
            "It lets a callback write the key that it is given.",
            ["programs.element-keys"],
            Verdict.Accept("write to change key")
        ),
        Mutant.Instead(
            "everything-returns-one",
            "It refuses programs that return 0, of every attach type.",
            ["events.return-range"],
            Verdict.Refuse((load, _) => Returns(load, 0), Errno.EINVAL, "At program exit the register R0 has value 0")
        ),
        Mutant.Instead(
            "success-is-zero",
            "Where a program must return 1 it demands 0.",
            ["events.return-range"],
            Verdict.Refuse(
                (load, _) =>
                    ProgramTypes.Find(load.Type)?.ReturnRange(load.ExpectedAttachType) is { Min: 1, Max: 1 }
                    && Returns(load, 1),
                Errno.EINVAL,
                "At program exit the register R0 has value 1"
            )
        ),
        Mutant.Answering(
            "any-context-access",
            "It does not check accesses to the context.",
            ["events.context-refused"],
            Verdict.Accept("invalid bpf_context access")
        ),
        Mutant.Answering(
            "direct-values-of-storage-maps",
            "It takes the address of a value of a storage map by a 64-bit immediate load.",
            ["programs.no-direct-value"],
            Verdict.Accept("no direct value access support for this map type")
        ),
        Mutant.Answering(
            "reserved-fields-ignored",
            "It passes over what the reserved fields of a call hold.",
            ["arguments.encoding"],
            Verdict.Accept("BPF_CALL uses reserved fields")
        ),
        Mutant.Behaving(
            "no-callbacks",
            "It has no bpf_loop.",
            ["programs.callbacks"],
            behaviour =>
                behaviour with
                {
                    Helpers = behaviour.Helpers.Where(helper => helper != HelperId.Loop).ToFrozenSet(),
                }
        ),
    ];

    private static bool Returns(ProgLoad load, int value) =>
        Slots.Of(load) is [.., { Opcode: MoveImmediate, Dst: 0 } last, { Opcode: Opcode.Exit }] && last.Imm == value;

    private static bool IsNullCheck(Slot slot) =>
        slot is { Opcode: JumpIfZero or JumpUnlessZero, Dst: 0, Imm: 0 } || slot.Opcode == Opcode.Exit;
}
