using System.Globalization;
using System.Text.Json;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>One line for a badge, as shields.io takes it from an address (its endpoint badge).</summary>
public static class BadgeReport
{
    /// <summary>The version of the endpoint's format, not of ours.</summary>
    private const int EndpointVersion = 1;
    private const string Label = "bpf_get_local_storage";

    /// <summary>Writes the JSON.</summary>
    public static void Write(RunRecord run, TextWriter writer)
    {
        var (message, colour) = Words(run);
        var badge = new Badge(EndpointVersion, Label, message, colour, IsError: colour == "red");
        writer.Write(JsonSerializer.Serialize(badge, ReportJson.Badges.Badge));
        writer.Write('\n');
    }

    private static (string Message, string Colour) Words(RunRecord run)
    {
        var counts = run.Results.CountBy(result => result.Outcome).ToDictionary();
        var passed = counts.GetValueOrDefault(CaseOutcome.Passed);
        string[] red =
        [
            .. counts
                .Where(count => OutcomeText.IsRed(count.Key))
                .OrderBy(count => count.Key)
                .Select(count => $"{Number(count.Value)} {OutcomeText.Words(count.Key)}"),
        ];
        if (run.StaleExpectations.Count > 0)
            red = [.. red, "stale expectations"];
        if (run.Interrupted)
            return ("interrupted", "lightgrey");
        if (red.Length > 0)
            return ($"{string.Join(", ", red)}, {Number(passed)} passed", "red");
        var known = counts.GetValueOrDefault(CaseOutcome.ExpectedFailure);
        if (known > 0)
            return ($"{Number(passed)} passed, {Number(known)} known failures", "yellowgreen");
        return passed == 0 ? ("nothing was run", "lightgrey") : ($"{Number(passed)} passed", "brightgreen");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    internal sealed record Badge(int SchemaVersion, string Label, string Message, string Color, bool IsError);
}
