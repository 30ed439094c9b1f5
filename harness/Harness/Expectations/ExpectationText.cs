using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Harness.Running;

namespace Conformance.Harness.Expectations;

/// <summary>How a file of expectations is written: members in a fixed order, each case on a line of its own.</summary>
internal static class ExpectationText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(ExpectationList list, TextWriter writer)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            WriteIfAny(json, "$schema", list.Schema);
            WriteIfAny(json, "comment", list.Comment);
            Write(json, "expected_failures", list.ExpectedFailures);
            Write(json, "flaky", list.Flaky);
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
        writer.Write('\n');
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ExpectationEntry> entries)
    {
        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteStartArray("cases");
            foreach (var pattern in entry.Cases)
            {
                json.WriteStringValue(pattern.Text);
            }

            json.WriteEndArray();
            if (entry.Listed == CaseOutcome.Errored)
            {
                json.WriteString("outcome", "errored");
            }

            json.WriteString("reason", entry.Reason);
            json.WriteString("link", entry.Link);
            json.WriteString("owner", entry.Owner);
            WriteIfAny(json, "comment", entry.Comment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
