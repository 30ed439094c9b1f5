using System.CommandLine;
using System.IO.Enumeration;
using Conformance.Cli.Selecting;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Cli;

/// <summary><c>helper-conformance list</c>: one line for each rule, vector or case.</summary>
internal static class ListCommand
{
    public static Command Create(Terminal terminal)
    {
        var rules = new Option<bool>("--rules")
        {
            Description = "The rules: id, level, kernel versions, how it is known, number of vectors, sentence.",
        };
        // Here --vectors is both the list and, as in the other commands, the folder.
        var vectors = new Option<string?>("--vectors")
        {
            Description =
                "The vectors: id, number of cases, title; the default. With DIR: of that folder, also for the other lists.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "DIR",
        };
        var cases = new Option<bool>("--cases") { Description = "The ids of all cases." };
        var filters = new Option<string[]>("--filter")
        {
            Description =
                "Only what has an id that matches; * and ? stand for any characters. A case's vector's id counts too.",
            HelpName = "GLOB",
        };
        var rule = new Option<string[]>("--rule")
        {
            Description = "Only this rule, or what checks it.",
            HelpName = "ID",
        };
        var era = Era.Option("Only what holds in this era of Linux");
        var command = new Command("list", "List the rules, vectors or cases.")
        {
            rules,
            vectors,
            cases,
            filters,
            rule,
            era,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(vectors);
            var asked = new List<string>();
            if (parsed.GetValue(rules))
                asked.Add(rules.Name);
            if (parsed.GetValue(cases))
                asked.Add(cases.Name);
            if (folder is null && parsed.GetResult(vectors) is not null)
                asked.Add(vectors.Name);
            if (asked.Count > 1)
                return terminal.Refuse($"{asked[0]} and {asked[1]} are two lists; ask for one");
            Behaviour? profile = null;
            if (parsed.GetValue(era) is { } kernel && (profile = Era.Find(kernel, terminal)) is null)
                return ExitCode.BrokenInput;
            if (VectorFolder.Load(folder, terminal) is not { Set: var set })
                return ExitCode.BrokenInput;

            var named = parsed.GetValue(rule) ?? [];
            if (Array.Find(named, id => set.Rules.Find(id) is null) is { } unknown)
                return terminal.Refuse(
                    $"there is no rule {unknown}{Suggestion.For(unknown, set.Rules.Rules.Select(known => known.Id))}"
                );
            bool Holds(IEnumerable<string> ids) => profile is null || Era.Applies(profile, set.Rules, ids);
            var chosen = new Choice(parsed.GetValue(filters) ?? [], named, Holds);
            var lines = (
                parsed.GetValue(rules) ? Rules(set, chosen)
                : parsed.GetValue(cases) ? set.Cases.Where(chosen.Has).Select(@case => @case.Id)
                : Vectors(set, chosen)
            ).ToArray();
            if (lines.Length == 0)
                return terminal.Refuse("--filter, --rule and --era leave nothing to list");
            foreach (var line in lines)
                terminal.Out.WriteLine(line);
            return ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<string> Rules(VectorSet set, Choice choice)
    {
        var vectors = set
            .Vectors.Where(vector => vector.Kind == VectorKind.Vector)
            .SelectMany(vector => vector.Rules)
            .CountBy(rule => rule)
            .ToDictionary();
        Rule[] rules = [.. set.Rules.Rules.Where(choice.Has)];
        var (ids, versions) = (Width(rules.Select(rule => rule.Id)), Width(rules.Select(Versions)));
        return rules.Select(rule =>
            $"{rule.Id.PadRight(ids)}  {Word(rule.Level), -5}  {Versions(rule).PadRight(versions)}  {Word(rule.Known), -8}"
            + $"  {vectors.GetValueOrDefault(rule.Id), 3}  {rule.Sentence}"
        );
    }

    // From which mainline release on (and before which), and from which patch of older branches.
    private static string Versions(Rule rule) =>
        string.Join(
            ", ",
            rule.FixedIn.Select(patch => $"{patch}")
                .Prepend(rule.Until is { } until ? $"{rule.Since}-{until}" : $"{rule.Since}")
        );

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static IEnumerable<string> Vectors(VectorSet set, Choice choice)
    {
        var cases = set.Cases.CountBy(@case => @case.Vector.Id).ToDictionary();
        Vector[] vectors = [.. set.Vectors.Where(choice.Has)];
        var width = Width(vectors.Select(vector => vector.Id));
        return vectors.Select(vector =>
            $"{vector.Id.PadRight(width)}  {cases.GetValueOrDefault(vector.Id), 4}  {vector.Title}"
        );
    }

    /// <summary>What to list: everything, or what each kind of option leaves.</summary>
    private sealed record Choice(string[] Filters, string[] Rules, Func<IEnumerable<string>, bool> Holds)
    {
        public bool Has(Rule rule) =>
            Matches(rule.Id) && (Rules.Length == 0 || Rules.Contains(rule.Id)) && Holds([rule.Id]);

        public bool Has(Vector vector) => Matches(vector.Id) && Checks(vector);

        public bool Has(Case @case) => (Matches(@case.Id) || Matches(@case.Vector.Id)) && Checks(@case.Vector);

        private bool Checks(Vector vector) =>
            (Rules.Length == 0 || Rules.Any(vector.Rules.Contains)) && Holds(vector.Rules);

        private bool Matches(string id) =>
            Filters.Length == 0
            || Filters.Any(filter => FileSystemName.MatchesSimpleExpression(filter, id, ignoreCase: false));
    }

    private static int Width(IEnumerable<string> ids) => ids.Select(id => id.Length).DefaultIfEmpty().Max();
}
