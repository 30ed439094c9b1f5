using System.Runtime.InteropServices;
using Conformance.Harness.Running;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Reporting;

/// <summary>Rules against program types: how many cases of each cell ended how.</summary>
public sealed class RuleMatrix
{
    private readonly Dictionary<(string Rule, string? ProgramType), MatrixCell> _cells;

    private RuleMatrix(IReadOnlyList<string> rules, Dictionary<(string, string?), MatrixCell> cells)
    {
        Rules = rules;
        _cells = cells;
    }

    /// <summary>The program types that may call the helper, in the order of their Linux numbers.</summary>
    public static IReadOnlyList<ProgramType> ProgramTypes { get; } =
    [
        ProgramType.CgroupSkb,
        ProgramType.CgroupSock,
        ProgramType.SockOps,
        ProgramType.CgroupDevice,
        ProgramType.CgroupSockAddr,
        ProgramType.CgroupSysctl,
        ProgramType.CgroupSockopt,
    ];

    /// <summary>The rows.</summary>
    public IReadOnlyList<string> Rules { get; }

    /// <summary>Counts a run's results; rules without any stay empty rows.</summary>
    public static RuleMatrix Of(IReadOnlyList<string> rules, IReadOnlyList<CaseRecord> results)
    {
        var known = ProgramTypes.Select(Names.Of).ToHashSet(StringComparer.Ordinal);
        var cells = new Dictionary<(string, string?), MatrixCell>();
        foreach (var result in results)
        {
            var column = result.ProgramType is { } type && known.Contains(type) ? type : null;
            foreach (var rule in result.Rules)
            {
                var cell = cells.GetValueOrDefault((rule, column));
                cells[(rule, column)] = cell.Add(result, rule);
            }
        }

        return new RuleMatrix(rules, cells);
    }

    /// <summary>A cell; null is the column of cases that are tied to none of the seven program types.</summary>
    public MatrixCell this[string rule, ProgramType? programType] =>
        _cells.GetValueOrDefault((rule, programType is { } type ? Names.Of(type) : null));
}

/// <summary>The cases of one rule on one program type.</summary>
/// <param name="Undecided">Cases that broke another of their rules before they could show this one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MatrixCell(
    int Passed,
    int Failed,
    int Errored,
    int Skipped,
    int NotApplicable,
    int Undecided
)
{
    /// <summary>Cases that ended as badly as was expected of them.</summary>
    public int ExpectedFailure { get; init; }

    /// <summary>Cases that passed although they were expected not to.</summary>
    public int UnexpectedPass { get; init; }

    /// <summary>Cases that decide nothing.</summary>
    public int Flaky { get; init; }

    internal MatrixCell Add(CaseRecord result, string rule) =>
        result.Outcome switch
        {
            CaseOutcome.Passed => this with { Passed = Passed + 1 },
            CaseOutcome.Failed
            or CaseOutcome.ExpectedFailure when result.Failure is { } failure && failure.Rule != rule => this with
            {
                Undecided = Undecided + 1,
            },
            CaseOutcome.ExpectedFailure => this with { ExpectedFailure = ExpectedFailure + 1 },
            CaseOutcome.UnexpectedPass => this with { UnexpectedPass = UnexpectedPass + 1 },
            CaseOutcome.Flaky => this with { Flaky = Flaky + 1 },
            CaseOutcome.Failed => this with { Failed = Failed + 1 },
            CaseOutcome.Errored => this with { Errored = Errored + 1 },
            CaseOutcome.Skipped => this with { Skipped = Skipped + 1 },
            CaseOutcome.NotApplicable => this with { NotApplicable = NotApplicable + 1 },
            _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "an outcome without a column"),
        };
}
