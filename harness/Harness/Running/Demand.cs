using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Running;

/// <summary>Expected and observed, as text.</summary>
internal readonly record struct Difference(string Expected, string Actual);

/// <summary>One expectation, held against one answer.</summary>
internal sealed class Demand(
    Expectation expectation,
    ImmutableDictionary<string, ulong> bindings,
    MachineIdentity machine
)
{
    private readonly IReadOnlyList<Condition> _conditions = expectation.Conditions;

    /// <summary>The bindings, with those that this expectation made.</summary>
    public ImmutableDictionary<string, ulong> Bindings { get; private set; } = bindings;

    /// <summary>The first difference, or null where all holds.</summary>
    public Difference? Examine(Step step, Answer answer, Answer? forbiddenRun)
    {
        var end = End(step, answer, forbiddenRun);
        if (end is not null)
            return end;
        foreach (var condition in _conditions)
        {
            if (Content(condition, answer) is { } difference)
                return difference;
        }

        return null;
    }

    // How the operation ended. What is not expected to end in another way must succeed, and an event must complete.
    private Difference? End(Step step, Answer answer, Answer? forbiddenRun)
    {
        var errno = _conditions.OfType<ErrnoIs>().FirstOrDefault();
        var outcome = _conditions.OfType<OutcomeIs>().FirstOrDefault();
        var special = _conditions.FirstOrDefault(one => one is IsRefused or IsForbidden or IsTrapped or IsExhausted);
        var (holds, expected) = special switch
        {
            IsForbidden => (
                IsRefusal(answer) || forbiddenRun?.Kind == AnswerKind.Trapped,
                "refused at load or stopped at run time"
            ),
            IsRefused refused => (Refuses(answer, refused), ExpectationText.Of(refused)),
            IsTrapped => (answer.Kind == AnswerKind.Trapped, "the run to be stopped"),
            IsExhausted => (answer.Kind == AnswerKind.Exhausted, "the run to use up its budget"),
            _ when errno is not null => (
                FailsWith(answer, errno.Errno) && (outcome is null || answer.Outcome == EventOutcome.Denied),
                outcome is null ? $"{errno.Errno}" : $"denied with {errno.Errno}"
            ),
            _ when step.Operation is Fire => Ends(answer, outcome?.Outcome ?? EventOutcome.Completed),
            _ => (answer.Kind == AnswerKind.Ok, "success"),
        };
        if (holds)
            return null;
        var actual = AnswerText.Of(answer);
        if (special is IsForbidden && forbiddenRun is not null)
            actual = $"the program was loaded, and its run was: {AnswerText.Of(forbiddenRun)}";
        return new Difference(expected, actual);
    }

    private static (bool, string) Ends(Answer answer, EventOutcome outcome) =>
        (
            answer.Kind == AnswerKind.Ok && (answer.Outcome ?? EventOutcome.Completed) == outcome,
            $"the event to be {AnswerText.Of(outcome)}"
        );

    // bpf(2) does not tell a verifier's refusal from another failure of the load; nor must an adapter.
    private static bool IsRefusal(Answer answer) => answer.Kind is AnswerKind.Refused or AnswerKind.Failed;

    private static bool Refuses(Answer answer, IsRefused refused) =>
        IsRefusal(answer)
        && (refused.Errno is null || refused.Errno == answer.Errno)
        && (refused.Message is null || answer.Message?.Contains(refused.Message, StringComparison.Ordinal) == true);

    private static bool FailsWith(Answer answer, Errno errno) =>
        answer.Errno == errno && (IsRefusal(answer) || answer is { Kind: AnswerKind.Ok, Outcome: EventOutcome.Denied });

    private Difference? Content(Condition condition, Answer answer)
    {
        switch (condition)
        {
            case ValueHas value:
                return Value(value, answer);
            case SizeIs size:
                var length = size.PerCpu ? size.Bytes * machine.Cpus : size.Bytes;
                return answer.Value?.Length == length
                    ? null
                    : new Difference($"{length} bytes", $"{answer.Value?.Length ?? 0} bytes");
            case KeyIs key:
                return Key(key, answer);
            case ReturnValueIs returned:
                return answer.ReturnValue is { } r0
                    ? Number(returned.Number, r0, "R0")
                    : new Difference("a return value", "none");
            case ProgramsAre programs:
                return answer.Programs is { } found && found.SequenceEqual(programs.Programs)
                    ? null
                    : new Difference(ListText(programs.Programs), ListText(answer.Programs));
            case AttachFlagsAre flags:
                return answer.AttachFlags == flags.Flags
                    ? null
                    : new Difference(
                        $"attach flags 0x{flags.Flags:x}",
                        answer.AttachFlags is { } other ? $"0x{other:x}" : "none"
                    );
            default:
                return null; // How it ended has been judged.
        }
    }

    private static Difference? Key(KeyIs expected, Answer answer)
    {
        var actual = answer.Key;
        if (expected.Key is StorageKey wanted && actual is StorageKey found)
        {
            // What the vector does not speak of is not compared: 8-byte keys have no attach type, and padding may be left open.
            actual = found with
            {
                AttachType = wanted.AttachType is null ? null : found.AttachType,
                Padding = expected.ComparePadding ? found.Padding : wanted.Padding,
            };
        }

        return expected.Key.Equals(actual)
            ? null
            : new Difference(
                $"the key {OperationText.Of(expected.Key)}",
                answer.Key is null ? "no key" : OperationText.Of(answer.Key)
            );
    }

    private Difference? Value(ValueHas expected, Answer answer)
    {
        if (answer.Value is not { } value)
            return new Difference("a value", "none");
        foreach (var field in expected.Fields)
        {
            if (value.Length < field.Position + field.Width)
                return new Difference(field.Text, $"a value of {value.Length} bytes");
            var bytes = value.AsSpan(field.Position, field.Width);
            if (field.Number is { } number)
            {
                if (Number(number, LittleEndian(bytes), field.Text) is { } difference)
                    return difference;
            }
            else if (!bytes.SequenceEqual(field.Bytes.AsSpan()))
            {
                return new Difference($"{field.Text} {HexText.Of(field.Bytes.AsSpan())}", HexText.Of(bytes));
            }
        }

        return null;
    }

    private Difference? Number(NumberExpectation expected, ulong actual, string what)
    {
        if (!NumberHolds(expected, actual))
            return new Difference($"{what} {ExpectationText.Of(expected, Bindings)}", NumberText.Of(actual));
        if (expected.Bind is { } name)
            Bindings = Bindings.SetItem(name, actual);
        return null;
    }

    private bool NumberHolds(NumberExpectation expected, ulong actual) =>
        (expected.EqualTo is not { } equal || Resolve(equal) == actual)
        && expected.Not.All(term => Resolve(term) is { } other && other != actual)
        && (expected.Min is not { } min || actual >= min)
        && (expected.Max is not { } max || actual <= max)
        && (expected.Aligned is not { } aligned || actual % aligned == 0);

    // With a number that was never seen nothing can be compared: neither equal nor different holds.
    private ulong? Resolve(NumberTerm term) =>
        term.Name is null ? term.Value
        : Bindings.TryGetValue(term.Name, out var bound) ? bound
        : null;

    private static ulong LittleEndian(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = value << 8 | bytes[i];
        return value;
    }

    private static string ListText(IReadOnlyList<string>? names) =>
        names is null ? "no list of programs" : $"the programs [{string.Join(", ", names)}]";
}
