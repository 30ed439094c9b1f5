using System.CommandLine;
using Conformance.Cli.Selecting;
using Conformance.Harness.Vectors;

namespace Conformance.Cli;

/// <summary><c>helper-conformance list</c>: one line for each rule, vector or case.</summary>
internal static class ListCommand
{
    public static Command Create(Terminal terminal)
    {
        var rules = new Option<bool>("--rules") { Description = "The rules: id, level, number of cases, sentence." };
        // Here --vectors is both the list and, as in the other commands, the folder.
        var vectors = new Option<string?>("--vectors")
        {
            Description =
                "The vectors: id, number of cases, title; the default. With DIR: of that folder, also for the other lists.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "DIR",
        };
        var cases = new Option<bool>("--cases") { Description = "The ids of all cases." };
        var command = new Command("list", "List the rules, vectors or cases.") { rules, vectors, cases };
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
            if (VectorFolder.Load(folder, terminal) is not { Set: var set })
                return ExitCode.BrokenInput;

            var lines =
                parsed.GetValue(rules) ? Rules(set)
                : parsed.GetValue(cases) ? set.Cases.Select(@case => @case.Id)
                : Vectors(set);
            foreach (var line in lines)
                terminal.Out.WriteLine(line);
            return ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<string> Rules(VectorSet set)
    {
        var cases = set.Cases.SelectMany(@case => @case.Vector.Rules).CountBy(rule => rule).ToDictionary();
        var width = Width(set.Rules.Rules.Select(rule => rule.Id));
        return set.Rules.Rules.Select(rule =>
            $"{rule.Id.PadRight(width)}  {rule.Level.ToString().ToLowerInvariant(), -5}  {cases.GetValueOrDefault(rule.Id), 4}  {rule.Sentence}"
        );
    }

    private static IEnumerable<string> Vectors(VectorSet set)
    {
        var cases = set.Cases.CountBy(@case => @case.Vector.Id).ToDictionary();
        var width = Width(set.Vectors.Select(vector => vector.Id));
        return set.Vectors.Select(vector =>
            $"{vector.Id.PadRight(width)}  {cases.GetValueOrDefault(vector.Id), 4}  {vector.Title}"
        );
    }

    private static int Width(IEnumerable<string> ids) => ids.Select(id => id.Length).DefaultIfEmpty().Max();
}
