using System.Text;
using System.Text.Json;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Reporting;

/// <summary>Reads reports in JSON and JSON Lines back. Which of them a file is, it says itself.</summary>
public static class ReportReader
{
    /// <summary>The run of a report. Never throws for what is in the file.</summary>
    /// <param name="file">Its path.</param>
    public static ReportLoad Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return ReportLoad.Broken(new LoadError(file, "", Line: null, $"cannot be read: {broken.Message}"));
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return ReportLoad.Broken(new LoadError(file, "", Line: null, "the file is empty"));
        }

        return new LinesReader(file, text).Read() ?? Document(file, text);
    }

    private static ReportLoad Document(string file, string text)
    {
        try
        {
            var document =
                JsonSerializer.Deserialize(text, ReportJson.Indented.Document) ?? throw new JsonException("found null");
            return document.SchemaVersion == RunHeader.SchemaVersion
                ? Checked(file, JsonReport.Run(document))
                : ReportLoad.Broken(Version(file, 1, document.SchemaVersion));
        }
        catch (JsonException broken)
        {
            return ReportLoad.Broken(Error(file, line: 1, broken));
        }
    }

    internal static ReportLoad Checked(string file, RunRecord run)
    {
        var twice = run.Results.CountBy(result => result.Id).FirstOrDefault(result => result.Value > 1).Key;
        return twice is null
            ? new ReportLoad(run, Error: null)
            : ReportLoad.Broken(new LoadError(file, "", Line: null, $"the case {twice} is there twice"));
    }

    internal static LoadError Version(string file, int line, int version) =>
        new(file, "/schema_version", line, $"is of version {version}; this command reads {RunHeader.SchemaVersion}");

    /// <param name="line">The line of the file that the text began in, from 1.</param>
    internal static LoadError Error(string file, int line, JsonException broken)
    {
        var place = broken.Path is { Length: > 1 } path ? $" {path}" : "";
        var message = broken.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
        return new LoadError(
            file,
            "",
            line + (int)(broken.LineNumber ?? 0),
            $"is no report of a run:{place} {message}"
        );
    }
}

/// <summary>What became of reading a report.</summary>
/// <param name="Run">The run; null where the file is broken.</param>
/// <param name="Error">What is wrong with it.</param>
public sealed record ReportLoad(RunRecord? Run, LoadError? Error)
{
    internal static ReportLoad Broken(LoadError error) => new(Run: null, error);
}
