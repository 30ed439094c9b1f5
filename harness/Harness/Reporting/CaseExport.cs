using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Harness.Json;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Reporting;

/// <summary>
/// The cases of a vector as JSON, for runners in any language: axes expanded, placeholders replaced, programs assembled. Steps
/// and expectations stay as vectors/README.md describes them; docs/report-format.md describes the rest.
/// </summary>
public static class CaseExport
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes one file, with a final newline.</summary>
    public static void Write(Vector vector, IReadOnlyList<Case> cases, RuleCatalogue rules, Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema_version", RunHeader.SchemaVersion);
            json.WriteString("vector", vector.Id);
            json.WriteString("title", vector.Title);
            json.WriteString("catches", vector.Catches);
            json.WriteString("kind", vector.Kind == VectorKind.Vector ? "vector" : "reproduction");
            json.WriteStartArray("rules");
            foreach (var rule in vector.Rules)
            {
                Write(json, rules[rule]);
            }

            json.WriteEndArray();
            json.WriteStartArray("cases");
            foreach (var @case in cases)
            {
                Write(json, @case);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, Rule rule)
    {
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        json.WriteString("level", rule.Level == RuleLevel.Core ? "core" : "linux");
        json.WriteString("since", rule.Since.ToString());
        CaseMembers.WriteFixedIn(json, rule);
        if (rule.Until is { } until)
        {
            json.WriteString("until", until.ToString());
        }

        json.WriteString("sentence", rule.Sentence);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Case @case)
    {
        var document =
            @case.Document?.Invoke() ?? throw new InvalidOperationException($"{@case.Id} was not loaded from a file");
        json.WriteStartObject();
        json.WriteString("id", @case.Id);
        json.WriteString("program_type", @case.ProgramType is { } type ? Names.Of(type) : null);
        json.WriteString("attach_type", @case.AttachType is { } attachType ? Names.Of(attachType) : null);
        json.WriteNumber("cpus", @case.CpusNeeded);
        json.WritePropertyName("cgroups");
        Write(json, document.Cgroups);
        json.WritePropertyName("maps");
        Write(json, document.Maps);
        json.WriteStartObject("programs");
        foreach (var program in @case.Programs)
        {
            Write(json, program);
        }

        json.WriteEndObject();
        json.WritePropertyName("steps");
        Write(json, document.Steps!);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CaseProgram program)
    {
        var load = program.Load;
        json.WriteStartObject(program.Name);
        json.WriteString("type", Names.Of(load.Type));
        json.WriteString("expected_attach_type", Names.Of(load.ExpectedAttachType));
        json.WriteNumber("flags", load.Flags);
        json.WriteNumber("log_level", load.LogLevel);
        json.WriteString("instructions", Convert.ToHexStringLower(load.Instructions));
        CaseMembers.WriteMaps(json, load);
        CaseMembers.WriteReferences(json, load);
        CaseMembers.WriteGlobalFunctions(json, load);
        CaseMembers.WriteCapabilities(json, load);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LocatedNode node)
    {
        switch (node.Kind)
        {
            case NodeKind.Object:
                json.WriteStartObject();
                foreach (var member in node.Members)
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case NodeKind.Array:
                json.WriteStartArray();
                foreach (var item in node.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case NodeKind.String:
                json.WriteStringValue(node.Text);
                break;
            default:
                // Numbers, booleans and null as they are written.
                json.WriteRawValue(node.Kind == NodeKind.Null ? "null" : node.Text);
                break;
        }
    }
}
