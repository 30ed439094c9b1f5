using System.Text.Json;

namespace Conformance.Harness.Reporting;

/// <summary>The raw record: one JSON object a line, a header, the results as they come, an end. Without an end line the run was killed.</summary>
internal sealed class JsonLines(TextWriter writer)
{
    public void Write(RunHeader header) =>
        Write(
            JsonSerializer.Serialize(
                new HeaderLine("run", RunHeader.SchemaVersion, header.Suite, header.Vm, header.Cases, header.Selection),
                ReportJson.Lines.HeaderLine
            )
        );

    public void Write(CaseRecord result) =>
        Write(JsonSerializer.Serialize(new ResultLine("result", result), ReportJson.Lines.ResultLine));

    public void WriteEnd(RunRecord run) =>
        Write(
            JsonSerializer.Serialize(
                new EndLine("end", SummaryCounts.Of(run.Summary), run.Interrupted, run.StaleExpectations),
                ReportJson.Lines.EndLine
            )
        );

    private void Write(string line)
    {
        writer.Write(line);
        writer.Write('\n');
        writer.Flush();
    }

    internal sealed record HeaderLine(
        string Record,
        int SchemaVersion,
        string Suite,
        VmRecord Vm,
        int Cases,
        SelectionRecord Selection
    );

    internal sealed record ResultLine(string Record, CaseRecord Result);

    internal sealed record EndLine(
        string Record,
        SummaryCounts Summary,
        bool Interrupted,
        IReadOnlyList<string> StaleExpectations
    );
}
