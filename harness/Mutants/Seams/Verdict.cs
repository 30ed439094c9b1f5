using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Mutants.Seams;

/// <summary>Other verdicts on programs than the verifier's.</summary>
internal static class Verdict
{
    // r0 = 1; exit: within the range of every attach type.
    private static readonly byte[] Harmless = [0xb7, 0, 0, 0, 1, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Accepts what is refused for a reason. What it would do then is not modelled: the program that is loaded does nothing.</summary>
    public static Func<Operation, Answer, World, Answer> Accept(string reason) =>
        Accept((_, answer) => answer.Message?.Contains(reason, StringComparison.Ordinal) == true);

    public static Func<Operation, Answer, World, Answer> Accept(Func<ProgLoad, Answer, bool> refusal) =>
        (operation, answer, world) =>
        {
            if (
                operation is not ProgLoad load
                || answer.Kind is not (AnswerKind.Refused or AnswerKind.Failed)
                || !refusal(load, answer)
            )
            {
                return answer;
            }

            var accepted = world.Perform(
                load with
                {
                    Instructions = Harmless,
                    Maps = [],
                    AlsoRefersTo = [],
                    GlobalFunctions = [],
                    Without = [],
                    Flags = 0,
                    ExpectedAttachType = Fitting(load),
                }
            );
            return accepted.Kind == AnswerKind.Ok ? accepted : answer;
        };

    /// <summary>Refuses what is accepted.</summary>
    public static Func<Operation, World, Answer?> Refuse(
        Func<ProgLoad, World, bool> condition,
        Errno errno,
        string message
    ) =>
        (operation, world) =>
            operation is ProgLoad load && condition(load, world) && world.Perform(load).Kind == AnswerKind.Ok
                ? new Answer(AnswerKind.Refused) { Errno = errno, Message = message }
                : null;

    /// <summary>Another error number where a program is refused for a reason.</summary>
    public static Func<Operation, Answer, World, Answer> Errno(string reason, Errno errno) =>
        (operation, answer, _) =>
            operation is ProgLoad && answer.Message?.Contains(reason, StringComparison.Ordinal) == true
                ? answer with
                {
                    Errno = errno,
                }
                : answer;

    /// <summary>Other words.</summary>
    public static Func<Operation, Answer, World, Answer> Words(string right, string wrong) =>
        (operation, answer, _) =>
            operation is ProgLoad
                ? answer with
                {
                    Message = answer.Message?.Replace(right, wrong, StringComparison.Ordinal),
                }
                : answer;

    private static AttachType Fitting(ProgLoad load) =>
        ProgramTypes.Find(load.Type) is { } info && ProgramTypes.Of(load.ExpectedAttachType) != load.Type
            ? info.AttachTypes.FirstOrDefault(load.ExpectedAttachType)
            : load.ExpectedAttachType;

    /// <summary>The constant of a move or of a 64-bit immediate load.</summary>
    public static long Immediate(Slot[] slots, int index) =>
        slots[index].Opcode == 0x18 && index + 1 < slots.Length
            ? (long)slots[index + 1].Imm << 32 | (uint)slots[index].Imm
            : slots[index].Imm;
}
