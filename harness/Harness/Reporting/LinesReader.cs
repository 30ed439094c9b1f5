using System.Text.Json;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Reporting;

/// <summary>
/// Reads JSON Lines. A stream without an end is of a run that was killed, and its last line may be a part of one: what was whole
/// counts, and the run counts as interrupted.
/// </summary>
internal sealed class LinesReader(string file, string text)
{
    private readonly List<CaseRecord> _results = [];
    private RunHeader? _header;
    private JsonLines.EndLine? _end;

    /// <summary>The run; null where the text is no such stream.</summary>
    public ReportLoad? Read()
    {
        var lines = text.Split('\n');
        if (Kind(lines[0]) is null)
        {
            return null;
        }

        for (var index = 0; index < lines.Length; index++)
        {
            // What follows the last line end: nothing, or the beginning of a line that was being written.
            var isLast = index == lines.Length - 1;
            if (isLast && (lines[index].Length == 0 || _header is not null && Kind(lines[index]) is null))
            {
                break;
            }

            try
            {
                if (Take(lines[index]) is { } problem)
                {
                    return ReportLoad.Broken(new LoadError(file, "", index + 1, problem));
                }
            }
            catch (JsonException broken)
            {
                return ReportLoad.Broken(ReportReader.Error(file, index + 1, broken));
            }
        }

        return ReportReader.Checked(
            file,
            new RunRecord(_header!, _results, _end?.Interrupted ?? true)
            {
                StaleExpectations = _end?.StaleExpectations ?? [],
            }
        );
    }

    private string? Take(string line)
    {
        switch (Kind(line))
        {
            case "run" when _header is null:
                var header = JsonSerializer.Deserialize(line, ReportJson.Lines.HeaderLine)!;
                _header = new RunHeader(header.Suite, header.Vm, header.Cases) { Selection = header.Selection };
                return header.SchemaVersion == RunHeader.SchemaVersion
                    ? null
                    : ReportReader.Version(file, line: 1, header.SchemaVersion).Message;
            case "result" when _header is not null && _end is null:
                _results.Add(JsonSerializer.Deserialize(line, ReportJson.Lines.ResultLine)!.Result);
                return null;
            case "end" when _header is not null && _end is null:
                _end = JsonSerializer.Deserialize(line, ReportJson.Lines.EndLine)!;
                return null;
            case null:
                return "is no line of a record: expected an object whose \"record\" is run, result or end";
            case var kind:
                return $"a line of kind \"{kind}\" cannot stand here: the first line is \"run\", the last one \"end\"";
        }
    }

    /// <summary>What a line says it is; null where it is not the text of an object that says so.</summary>
    private static string? Kind(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("record", out var kind)
                && kind.ValueKind == JsonValueKind.String
                ? kind.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
