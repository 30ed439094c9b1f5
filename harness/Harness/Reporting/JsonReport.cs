using System.Text.Json;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>The JSON report: stable, sorted by the order of cases, and without times, so that two equal runs give equal files.</summary>
public static class JsonReport
{
    /// <summary>Writes the report, with a final newline.</summary>
    public static void Write(RunRecord run, TextWriter writer)
    {
        var document = new Document(
            RunHeader.SchemaVersion,
            run.Header.Suite,
            run.Header.Vm,
            run.Header.Cases,
            run.Header.Selection,
            run.Interrupted,
            SummaryCounts.Of(run.Summary),
            run.StaleExpectations,
            [.. run.Results.Select(Row)]
        );
        writer.Write(JsonSerializer.Serialize(document, ReportJson.Indented.Document));
        writer.Write('\n');
    }

    /// <summary>The run that a report was made of, as far as the report holds it: no times.</summary>
    internal static RunRecord Run(Document document) =>
        new(
            new RunHeader(document.Suite, document.Vm, document.Cases) { Selection = document.Selection },
            [.. document.Results.Select(Record)],
            document.Interrupted
        )
        {
            StaleExpectations = document.StaleExpectations,
        };

    private static CaseRecord Record(Result row) =>
        new()
        {
            Id = row.Id,
            Vector = row.Vector,
            Rules = row.Rules,
            ProgramType = row.ProgramType,
            AttachType = row.AttachType,
            Outcome = row.Outcome,
            Message = row.Message,
            Failure = row.Failure,
            Expectation = row.Expectation,
            Reproduce = row.Reproduce,
            Aftermath = row.Aftermath,
            StandardError = row.StandardError,
            Steps = row.Steps,
        };

    private static Result Row(CaseRecord result) =>
        new(
            result.Id,
            result.Vector,
            result.Rules,
            result.ProgramType,
            result.AttachType,
            result.Outcome,
            result.Message,
            result.Failure,
            result.Expectation,
            result.Reproduce,
            result.Aftermath,
            result.StandardError,
            result.Steps
        );

    internal sealed record Document(
        int SchemaVersion,
        string Suite,
        VmRecord Vm,
        int Cases,
        SelectionRecord Selection,
        bool Interrupted,
        SummaryCounts Summary,
        IReadOnlyList<string> StaleExpectations,
        IReadOnlyList<Result> Results
    );

    internal sealed record Result(
        string Id,
        string Vector,
        IReadOnlyList<string> Rules,
        string? ProgramType,
        string? AttachType,
        CaseOutcome Outcome,
        string? Message,
        FailureRecord? Failure,
        ExpectationRecord? Expectation,
        string? Reproduce,
        string? Aftermath,
        IReadOnlyList<string> StandardError,
        IReadOnlyList<RecordedStep> Steps
    );
}
