using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Harness.Json;
using Conformance.Harness.Reporting;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Certification;

/// <summary>
/// The content hash of a case: it changes with whatever the case does or expects, and with nothing else that stands in its file (blanks, order
/// of members, titles, comments). vectors/README.md, "What a kernel has certified", defines it for those who compute it elsewhere.
/// </summary>
public static class CaseHash
{
    /// <summary>Bytes of the digest that are kept: against mistakes, not against forgery.</summary>
    private const int Size = 8;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The hash as 16 lower-case hex digits.</summary>
    /// <param name="case">A case that was loaded from a file.</param>
    /// <param name="rules">The catalogue that its rules are taken from: which kernels a rule binds is part of what is expected.</param>
    public static string Of(Case @case, RuleCatalogue rules)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            Write(json, @case, rules);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, digest);
        return Convert.ToHexStringLower(digest[..Size]);
    }

    /// <summary>The hashes of all cases that count, by id; those of reproductions are left out.</summary>
    public static IReadOnlyDictionary<string, string> OfAll(VectorSet set) =>
        set
            .Cases.Where(@case => @case.Vector.Kind == VectorKind.Vector)
            .AsParallel()
            .Select(@case => (@case.Id, Hash: Of(@case, set.Rules)))
            .ToDictionary(pair => pair.Id, pair => pair.Hash, StringComparer.Ordinal);

    // Members in the order of their names, here as everywhere below.
    private static void Write(Utf8JsonWriter json, Case @case, RuleCatalogue rules)
    {
        var document =
            @case.Document?.Invoke() ?? throw new InvalidOperationException($"{@case.Id} was not loaded from a file");
        json.WriteStartObject();
        json.WriteString("attach_type", @case.AttachType is { } attachType ? Names.Of(attachType) : null);
        json.WritePropertyName("cgroups");
        Pairs(json, document.Cgroups);
        json.WritePropertyName("maps");
        Pairs(json, document.Maps);
        json.WriteString("program_type", @case.ProgramType is { } type ? Names.Of(type) : null);
        json.WriteStartArray("programs");
        foreach (var program in @case.Programs)
        {
            Write(json, program);
        }

        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (var rule in @case.Vector.Rules)
        {
            Write(json, rules[rule]);
        }

        json.WriteEndArray();
        json.WritePropertyName("steps");
        Write(json, document.Steps!, isText: false);
        json.WriteEndObject();
    }

    // The order of what is made before the first step is the order in which it is made.
    private static void Pairs(Utf8JsonWriter json, LocatedNode made)
    {
        json.WriteStartArray();
        foreach (var (name, value) in made.Members)
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            Write(json, value, isText: false);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, CaseProgram program)
    {
        var load = program.Load;
        json.WriteStartArray();
        json.WriteStringValue(program.Name);
        json.WriteStartObject();
        CaseMembers.WriteReferences(json, load);
        json.WriteString("expected_attach_type", Names.Of(load.ExpectedAttachType));
        json.WriteNumber("flags", load.Flags);
        CaseMembers.WriteGlobalFunctions(json, load);
        json.WriteString("instructions", Convert.ToHexStringLower(load.Instructions));
        json.WriteNumber("log_level", load.LogLevel);
        CaseMembers.WriteMaps(json, load);
        json.WriteString("type", Names.Of(load.Type));
        CaseMembers.WriteCapabilities(json, load);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Rule rule)
    {
        json.WriteStartObject();
        CaseMembers.WriteFixedIn(json, rule);
        json.WriteString("id", rule.Id);
        json.WriteString("since", rule.Since.ToString());
        if (rule.Until is { } until)
        {
            json.WriteString("until", until.ToString());
            foreach (var patch in rule.EndedIn)
            {
                json.WriteString("ended_in", patch.ToString());
            }
        }

        json.WriteEndObject();
    }

    /// <param name="isText">Whether a string that looks like a hex number is text all the same.</param>
    private static void Write(Utf8JsonWriter json, LocatedNode node, bool isText)
    {
        switch (node.Kind)
        {
            case NodeKind.Object:
                json.WriteStartObject();
                foreach (var (name, value) in node.Members.OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    // Why a step is there changes nothing of what it does.
                    if (name == "why")
                        continue;
                    json.WritePropertyName(name);
                    Write(json, value, isText: name == "message");
                }

                json.WriteEndObject();
                break;
            case NodeKind.Array:
                json.WriteStartArray();
                foreach (var item in node.Items)
                {
                    Write(json, item, isText);
                }

                json.WriteEndArray();
                break;
            case NodeKind.String when !isText && HexNumber(node.Text) is { } number:
                json.WriteNumberValue(number);
                break;
            case NodeKind.String:
                json.WriteStringValue(node.Text);
                break;
            default:
                json.WriteRawValue(node.Kind == NodeKind.Null ? "null" : node.Text);
                break;
        }
    }

    // "0x10" and 16 are one number.
    private static ulong? HexNumber(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
