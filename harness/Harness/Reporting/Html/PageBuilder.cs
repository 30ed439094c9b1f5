using Conformance.Harness.Documentation;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Reporting.Html;

/// <summary>
/// Gathers what the page shows. What became of a case is the record's word; what the case is (title, steps, programs) is the suite's, where it has
/// a case of that id, so that a record need not repeat it for thousands of cases that passed.
/// </summary>
internal sealed class PageBuilder
{
    private const int None = -1;

    private readonly VectorSet _suite;
    private readonly IReadOnlyList<RunRecord> _runs;
    private readonly IReadOnlyList<string> _labels;
    private readonly PageTexts _texts = new();
    private readonly Dictionary<string, int> _cases = new(StringComparer.Ordinal);
    private readonly List<int[]> _rows = [];
    private readonly Dictionary<string, int> _rules = new(StringComparer.Ordinal);
    private readonly List<int[]> _ruleRows = [];
    private readonly Dictionary<string, int> _vectors = new(StringComparer.Ordinal);
    private readonly List<int[]> _vectorRows = [];

    private PageBuilder(IReadOnlyList<RunRecord> runs, IReadOnlyList<string> labels, VectorSet suite)
    {
        _runs = runs;
        _labels = labels;
        _suite = suite;
    }

    /// <param name="labels">What the machines are called.</param>
    /// <param name="version">Version of the suite.</param>
    public static PageData Build(
        IReadOnlyList<RunRecord> runs,
        IReadOnlyList<string> labels,
        VectorSet suite,
        string version
    ) => new PageBuilder(runs, labels, suite).Build(version);

    private PageData Build(string version)
    {
        AddRules();
        AddCases();
        RunData[] runs = [.. _runs.Select((run, index) => new RunPart(_texts, _cases, _rules).Of(run, _labels[index]))];
        var areas = _rules.Keys.Select(Area).Distinct(StringComparer.Ordinal);
        return new PageData(
            version,
            runs,
            areas.ToDictionary(area => area, area => Documentation.Area.Of(area, []).Title, StringComparer.Ordinal),
            _ruleRows,
            _vectorRows,
            _rows,
            _texts.Steps.Values,
            _texts.Programs.Values,
            _texts.Lines.Values
        );
    }

    private static string Area(string rule) => rule.Split('.')[0];

    /// <summary>The rules that any of the cases checks: in the order of the catalogue, then those that it does not have.</summary>
    private void AddRules()
    {
        var results = _runs.SelectMany(run => run.Results).ToArray();
        var cited = results
            .SelectMany(result => result.Rules.Concat(result.Failure is { } failure ? [failure.Rule] : []))
            .ToHashSet(StringComparer.Ordinal);
        var sentences = results
            .Select(result => result.Failure)
            .OfType<FailureRecord>()
            .GroupBy(failure => failure.Rule, StringComparer.Ordinal)
            .ToDictionary(rule => rule.Key, rule => rule.First().Sentence, StringComparer.Ordinal);
        var known = _suite.Rules.Rules.Where(rule => cited.Remove(rule.Id)).ToArray();
        foreach (var rule in known)
        {
            AddRule(rule.Id, rule.Level == RuleLevel.Core ? "core" : "linux", $"{rule.Since}", rule.Sentence);
        }

        foreach (var id in cited.Order(StringComparer.Ordinal))
        {
            AddRule(id, "", "", sentences.GetValueOrDefault(id, ""));
        }
    }

    private void AddRule(string id, string level, string since, string sentence)
    {
        _rules.Add(id, _ruleRows.Count);
        _ruleRows.Add([_texts.Line(id), _texts.Line(level), _texts.Line(since), _texts.Line(sentence)]);
    }

    /// <summary>All cases of all runs: in the order of the suite, then those that it does not have.</summary>
    private void AddCases()
    {
        var records = new Dictionary<string, CaseRecord>(StringComparer.Ordinal);
        foreach (var result in _runs.SelectMany(run => run.Results))
        {
            records.TryAdd(result.Id, result);
        }

        foreach (var @case in _suite.Cases)
        {
            if (records.Remove(@case.Id, out var record))
            {
                Add(record, @case);
            }
        }

        foreach (var result in _runs.SelectMany(run => run.Results))
        {
            if (records.Remove(result.Id))
            {
                Add(result, @case: null);
            }
        }
    }

    private void Add(CaseRecord record, Case? @case)
    {
        var rest = record.Id.StartsWith(record.Vector, StringComparison.Ordinal)
            ? record.Id[record.Vector.Length..]
            : "\0" + record.Id;
        _cases.Add(record.Id, _rows.Count);
        _rows.Add([
            Vector(record, @case?.Vector),
            _texts.Line(rest),
            _texts.Optional(record.ProgramType),
            _texts.Optional(record.AttachType),
            @case is null ? None : _texts.Block(RecordedStep.Of(@case)),
            @case is null
                ? None
                : _texts.Block(
                    @case.Programs.Select(program => (program.Name, Type(program), ProgramListing.Of(program.Load)))
                ),
        ]);
    }

    private int Vector(CaseRecord record, Vector? vector)
    {
        if (_vectors.TryGetValue(record.Vector, out var place))
            return place;
        place = _vectorRows.Count;
        _vectors.Add(record.Vector, place);
        _vectorRows.Add([
            _texts.Line(record.Vector),
            _texts.Optional(vector?.Title),
            _texts.Optional(vector?.Catches),
            .. record.Rules.Select(rule => _rules[rule]),
        ]);
        return place;
    }

    private static string Type(CaseProgram program) =>
        $"{Names.Of(program.Load.Type)}, {Names.Of(program.Load.ExpectedAttachType)}";
}
