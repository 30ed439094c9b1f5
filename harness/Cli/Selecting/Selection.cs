using System.CommandLine;
using System.IO.Enumeration;
using Conformance.Harness.Reporting;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Cli.Selecting;

/// <summary>Which cases: the options <c>--filter</c>, <c>--rule</c> and <c>--program-type</c>. A case must satisfy each kind that is given.</summary>
internal sealed class Selection
{
    private readonly Option<string[]> _filters = new("--filter")
    {
        Description = "Cases whose id, or whose vector's id, matches; * and ? stand for any characters.",
        HelpName = "GLOB",
    };

    private readonly Option<string[]> _rules = new("--rule")
    {
        Description = "Cases that check this rule.",
        HelpName = "ID",
    };

    private readonly Option<string[]> _programTypes = new("--program-type")
    {
        Description = "Cases on this program type, for instance cgroup_skb.",
        HelpName = "NAME",
    };

    public IEnumerable<Option> Options => [_filters, _rules, _programTypes];

    /// <summary>The options as they were given, each as words for a shell, in an order of their own.</summary>
    public IEnumerable<string> Words(ParseResult parsed) =>
        new[] { _filters, _rules, _programTypes }.SelectMany(option =>
            (parsed.GetValue(option) ?? [])
                .Order(StringComparer.Ordinal)
                .Select(value => $"{option.Name} {OwnCommand.Quoted(value)}")
        );

    /// <summary>The cases selected, at least one; null after saying why there are none.</summary>
    public IReadOnlyList<Case>? Choose(VectorSet set, ParseResult parsed, Terminal terminal)
    {
        var filters = parsed.GetValue(_filters) ?? [];
        var rules = parsed.GetValue(_rules) ?? [];
        var types = parsed.GetValue(_programTypes) ?? [];
        if (Unknown(set, rules, types) is { } complaint)
        {
            terminal.Refuse(complaint);
            return null;
        }

        foreach (var filter in filters.Where(filter => !set.Cases.Any(@case => Matches(filter, @case))))
        {
            var hint = set.Rules.Find(filter) is null
                ? Suggestion.For(filter, set.Vectors.Select(vector => vector.Id))
                : $": {filter} is a rule; use --rule {filter}";
            terminal.Refuse($"--filter {filter} matches no case{hint}");
            return null;
        }

        Case[] chosen =
        [
            .. set.Cases.Where(@case =>
                (filters.Length == 0 || filters.Any(filter => Matches(filter, @case)))
                && (rules.Length == 0 || rules.Any(@case.Vector.Rules.Contains))
                && (types.Length == 0 || (@case.ProgramType is { } type && types.Contains(Names.Of(type))))
            ),
        ];
        if (chosen.Length == 0)
        {
            terminal.Refuse(WhyNone(set, rules));
            return null;
        }

        return chosen;
    }

    private static string? Unknown(VectorSet set, string[] rules, string[] types)
    {
        if (Array.Find(rules, rule => set.Rules.Find(rule) is null) is { } rule)
        {
            return $"there is no rule {rule}{Suggestion.For(rule, set.Rules.Rules.Select(known => known.Id))}";
        }

        var names = RuleMatrix.ProgramTypes.Select(Names.Of).ToArray();
        return Array.Find(types, type => !Names.TryParse(type, out ProgramType _)) is { } type
            ? $"there is no program type {type}; there are {string.Join(", ", names)}"
            : null;
    }

    private static string WhyNone(VectorSet set, string[] rules) =>
        set.Cases.Count == 0 ? "there are no vectors to run"
        : rules is [var only] && set.Rules[only].NoVector is { } reason
            ? $"the rule {only} has no vector: {reason.Reason}"
        : "no case satisfies all of --filter, --rule and --program-type";

    private static bool Matches(string filter, Case @case) =>
        FileSystemName.MatchesSimpleExpression(filter, @case.Id, ignoreCase: false)
        || FileSystemName.MatchesSimpleExpression(filter, @case.Vector.Id, ignoreCase: false);
}
