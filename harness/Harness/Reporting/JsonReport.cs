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
            run.Interrupted,
            SummaryCounts.Of(run.Summary),
            [.. run.Results.Select(Row)]
        );
        writer.Write(JsonSerializer.Serialize(document, ReportJson.Indented.Document));
        writer.Write('\n');
    }

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
            result.Aftermath,
            result.StandardError
        );

    internal sealed record Document(
        int SchemaVersion,
        string Suite,
        VmRecord Vm,
        bool Interrupted,
        SummaryCounts Summary,
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
        string? Aftermath,
        IReadOnlyList<string> StandardError
    );
}
