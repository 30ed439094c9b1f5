using System.Text.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Reporting;

/// <summary>Members of a program that most programs lack, and that are then left out.</summary>
internal static class ProgramExtras
{
    public static void WriteReferences(Utf8JsonWriter json, ProgLoad load) =>
        Write(json, "also_refers_to", load.AlsoRefersTo);

    public static void WriteCapabilities(Utf8JsonWriter json, ProgLoad load) =>
        Write(
            json,
            "without",
            [.. load.Without.Select(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()))]
        );

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
