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
        var vectors = new Option<bool>("--vectors")
        {
            Description = "The vectors: id, number of cases, title. The default.",
        };
        var cases = new Option<bool>("--cases") { Description = "The ids of all cases." };
        var folder = VectorFolder.Option();
        var command = new Command("list", "List the rules, vectors or cases.") { rules, vectors, cases, folder };
        command.SetAction(parsed =>
        {
            var kinds = new[] { rules, vectors, cases }.Where(parsed.GetValue).ToArray();
            if (kinds.Length > 1)
            {
                return terminal.Refuse($"{kinds[0].Name} and {kinds[1].Name} are two lists; ask for one");
            }

            if (VectorFolder.Load(parsed.GetValue(folder), terminal) is not { Set: var set })
            {
                return ExitCode.BrokenInput;
            }

            var lines =
                kinds is [var kind] && kind != vectors
                    ? (kind == rules ? Rules(set) : set.Cases.Select(c => c.Id))
                    : Vectors(set);
            foreach (var line in lines)
            {
                terminal.Out.WriteLine(line);
            }

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
