using System.Text.Encodings.Web;
using System.Text.Json;

namespace Conformance.Harness.Certification;

/// <summary>How a record is written: nothing in it depends on when, and a changed case is one changed line.</summary>
internal static class CertificationText
{
    public static readonly IReadOnlyList<(UncertifiedKind Kind, string Word)> Kinds =
    [
        (UncertifiedKind.AwaitsCertification, "awaits_certification"),
        (UncertifiedKind.Unsafe, "unsafe"),
        (UncertifiedKind.Unavailable, "unavailable"),
    ];

    public static void Write(CertificationRecord record, TextWriter writer)
    {
        writer.Write("{\n  \"$schema\": \"schema/certified.schema.json\",\n  \"certified\": [");
        var certificates = record
            .Certificates.OrderBy(certificate => certificate.On.Kernel)
            .ThenBy(certificate => certificate.On.Architecture, StringComparer.Ordinal)
            .ThenBy(certificate => certificate.Suite, StringComparer.Ordinal);
        Write(certificates, Write, "    ", writer);
        writer.Write("],\n  \"uncertified\": [");
        var reasons = record.Uncertified.OrderBy(reason => reason.Id, StringComparer.Ordinal);
        Write(reasons, Write, "    ", writer);
        writer.Write("]\n}\n");
    }

    private static void Write(Certificate certificate, TextWriter writer)
    {
        writer.Write("{\n      \"kernel\": ");
        writer.Write(Quoted(certificate.On.Kernel.ToString()));
        writer.Write(",\n      \"architecture\": ");
        writer.Write(Quoted(certificate.On.Architecture));
        writer.Write(",\n      \"suite\": ");
        writer.Write(Quoted(certificate.Suite));
        writer.Write(",\n      \"cases\": {");
        var cases = certificate.Cases.OrderBy(pair => pair.Key, StringComparer.Ordinal);
        Write(
            cases,
            static (held, writer) => writer.Write($"{Quoted(held.Key)}: {Quoted(held.Value)}"),
            "        ",
            writer
        );
        writer.Write("}\n    }");
    }

    private static void Write(UncertifiedReason reason, TextWriter writer)
    {
        var kind = Kinds.Single(known => known.Kind == reason.Kind).Word;
        writer.Write(
            $"{{ \"id\": {Quoted(reason.Id)}, \"kind\": {Quoted(kind)}, \"reason\": {Quoted(reason.Reason)} }}"
        );
    }

    /// <summary>Each on a line of its own; nothing between the brackets where there are none.</summary>
    private static void Write<T>(IEnumerable<T> items, Action<T, TextWriter> write, string indent, TextWriter writer)
    {
        var any = false;
        foreach (var item in items)
        {
            writer.Write(any ? ",\n" : "\n");
            writer.Write(indent);
            write(item, writer);
            any = true;
        }

        if (any)
        {
            writer.Write('\n');
            writer.Write(indent[2..]);
        }
    }

    private static string Quoted(string text) =>
        $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
