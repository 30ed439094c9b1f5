using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>How records look as JSON. docs/report-format.md describes it; every member is always there, null where it means nothing.</summary>
[JsonSerializable(typeof(JsonReport.Document))]
[JsonSerializable(typeof(BadgeReport.Badge))]
[JsonSerializable(typeof(JsonLines.HeaderLine))]
[JsonSerializable(typeof(JsonLines.ResultLine))]
[JsonSerializable(typeof(JsonLines.EndLine))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static ReportJson Lines { get; } = new(Settings(indented: false));

    public static ReportJson Indented { get; } = new(Settings(indented: true));

    /// <summary>Names as shields.io has them.</summary>
    public static ReportJson Badges { get; } =
        new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase });

    private static JsonSerializerOptions Settings(bool indented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Converters =
            {
                new JsonStringEnumConverter<CaseOutcome>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
                new JsonStringEnumConverter<StepState>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
            },
            // Reports are files, never parts of a page: quotes and angle brackets stay legible.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            NewLine = "\n",
            // For reading: what is missing must not turn into zero or null.
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
}
