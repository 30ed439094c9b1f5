using System.Globalization;

namespace Conformance.Harness.Reporting.Html;

/// <summary>What the page shows of one run.</summary>
internal sealed class RunPart(
    PageTexts texts,
    IReadOnlyDictionary<string, int> cases,
    IReadOnlyDictionary<string, int> rules
)
{
    public RunData Of(RunRecord run, string label)
    {
        var outcomes = Enumerable.Repeat(OutcomeLetter.NotRun, cases.Count).ToArray();
        var details = new SortedDictionary<int, DetailData>();
        var command = run
            .Results.Select(result => result.Reproduce is { } reproduce ? Command(reproduce, result.Id) : null)
            .FirstOrDefault(found => found is not null);
        foreach (var result in run.Results)
        {
            var place = cases[result.Id];
            outcomes[place] = OutcomeLetter.Of(result.Outcome);
            if (Detail(result, command) is { } detail)
            {
                details.Add(place, detail);
            }
        }

        var (header, shard) = (run.Header, run.Header.Selection.Shard);
        return new RunData(
            label,
            header.Vm.Name,
            header.Vm.Version,
            header.Vm.Kernel,
            header.Vm.Cpus,
            header.Suite,
            run.Interrupted,
            header.Cases,
            header.Selection.Options,
            shard is null ? null : string.Create(CultureInfo.InvariantCulture, $"{shard.Index}/{shard.Count}"),
            run.StaleExpectations,
            new string(outcomes),
            details,
            command
        );
    }

    private static string? Command(string reproduce, string id)
    {
        var filter = $" --filter '{id}'";
        return reproduce.EndsWith(filter, StringComparison.Ordinal) ? reproduce[..^filter.Length] : null;
    }

    private DetailData? Detail(CaseRecord result, string? command)
    {
        if (
            result is { Message: null, Failure: null, Expectation: null, Aftermath: null, Reproduce: null }
            && result.StandardError.Count + result.Steps.Count == 0
        )
        {
            return null;
        }

        var failure = result.Failure;
        return new DetailData
        {
            // A failure's message only repeats its step and what follows.
            Message = failure is null ? Text(result.Message) : null,
            Rule = failure is null ? null : rules[failure.Rule],
            Step = failure?.Step,
            Operation = Text(failure?.Operation),
            Expected = Text(failure?.Expected),
            Actual = Text(failure?.Actual),
            Log = texts.All(failure?.Log),
            Aftermath = Text(result.Aftermath),
            Stderr = texts.All(result.StandardError),
            Listed = result.Expectation is { } listed ? Listed(listed) : null,
            Reproduce =
                result.Reproduce is { } reproduce && Command(reproduce, result.Id) != command ? Text(reproduce) : null,
            Steps = result.Steps.Count == 0 ? null : texts.Block(result.Steps),
            Answers = result.Steps.Count == 0 ? null : [.. result.Steps.Select(step => texts.Optional(step.Actual))],
            States =
                result.Steps.Count == 0
                    ? null
                    : string.Concat(result.Steps.Select(step => OutcomeLetter.Of(step.State))),
            Programs =
                failure is null || failure.Programs.Count == 0
                    ? null
                    : texts.Block(failure.Programs.Select(program => (program.Name, "", program.Listing))),
        };
    }

    private int[] Listed(ExpectationRecord listed) =>
        [
            texts.Line(OutcomeText.Words(listed.Observed)),
            texts.Line(listed.Pattern),
            texts.Line(listed.Reason),
            texts.Optional(listed.Link),
            texts.Optional(listed.Owner),
        ];

    private int? Text(string? text) => text is null ? null : texts.Line(text);
}
