using System.CommandLine;
using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Certification;

namespace Conformance.Cli;

/// <summary><c>helper-conformance explain</c>: what a rule, a vector or a case is about.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("ID")
        {
            Description = "The id of a rule, a vector or a case; a rule and a vector of one id are both explained.",
        };
        var folder = VectorFolder.Option();
        var command = new Command("explain", "Explain a rule, a vector or a case.") { name, folder };
        command.SetAction(parsed =>
        {
            if (
                VectorFolder.Load(parsed.GetValue(folder), terminal) is not { Set: var set } loaded
                || VectorFolder.Certification(loaded, terminal) is not { Record: { } record } certification
            )
            {
                return ExitCode.BrokenInput;
            }

            var certified = new CertificationLines(
                set,
                certification.Found ? new CertificationAudit(set, record) : null
            );

            var id = parsed.GetRequiredValue(name);
            var rule = set.Rules.Find(id);
            var vector = set.Vectors.FirstOrDefault(vector => vector.Id == id);
            var @case = set.Cases.FirstOrDefault(@case => @case.Id == id);
            if (rule is null && vector is null && @case is null)
            {
                var names = set.Rules.Rules.Select(known => known.Id).Concat(set.Vectors.Select(known => known.Id));
                return terminal.Refuse($"{id} is no rule, vector or case{Suggestion.For(id, names)}");
            }

            var text = new Paragraphs(terminal.Out);
            if (rule is not null)
            {
                RuleExplanation.Write(rule, set, certified, text);
            }

            if (vector is not null)
            {
                CaseExplanation.Write(vector, set, certified, text);
            }
            else if (@case is not null)
            {
                CaseExplanation.Write(@case, set, certified, text);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
