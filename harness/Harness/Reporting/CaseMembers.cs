using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;

namespace Conformance.Harness.Reporting;

/// <summary>Members that an exported case and the text that a case is hashed by have in common.</summary>
internal static class CaseMembers
{
    /// <summary>The maps that a program's instructions refer to.</summary>
    public static void WriteMaps(Utf8JsonWriter json, ProgLoad load)
    {
        json.WriteStartArray("maps");
        foreach (var reference in load.Maps)
        {
            json.WriteStartObject();
            json.WriteNumber("instruction", reference.Instruction);
            json.WriteString("map", reference.Map);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Maps that no instruction refers to; left out where there are none.</summary>
    public static void WriteReferences(Utf8JsonWriter json, ProgLoad load) =>
        WriteUnlessEmpty(json, "also_refers_to", load.AlsoRefersTo);

    /// <summary>Functions of global linkage, by slot; left out where there are none.</summary>
    public static void WriteGlobalFunctions(Utf8JsonWriter json, ProgLoad load)
    {
        if (load.GlobalFunctions.Count == 0)
            return;
        json.WriteStartObject("global_functions");
        foreach (var function in load.GlobalFunctions)
        {
            json.WriteNumber($"{function.Instruction}", function.Parameters);
        }

        json.WriteEndObject();
    }

    /// <summary>Rights that the loader lacks; left out where there are none.</summary>
    public static void WriteCapabilities(Utf8JsonWriter json, ProgLoad load) =>
        WriteUnlessEmpty(
            json,
            "without",
            [.. load.Without.Select(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()))]
        );

    /// <summary>The stable patches that keep a rule.</summary>
    public static void WriteFixedIn(Utf8JsonWriter json, Rule rule) =>
        Write(json, "fixed_in", rule.FixedIn.Select(patch => patch.ToString()));

    private static void WriteUnlessEmpty(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            Write(json, name, values);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
