using Conformance.Harness.Json;
using Conformance.Harness.Running;

namespace Conformance.Harness.Expectations;

/// <summary>Reads a file of expectations.</summary>
internal sealed class ExpectationReader(string file, ErrorSink errors)
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>The list; null where the file is no object.</summary>
    public ExpectationList? Read(LocatedNode root)
    {
        if (Fields.Of(root, errors) is not { } fields)
            return null;
        var schema = fields.OptionalString("$schema");
        var comment = fields.OptionalString("comment");
        var failures = Entries(fields.Optional("expected_failures"), isFlaky: false);
        var flaky = Entries(fields.Optional("flaky"), isFlaky: true);
        fields.Done();
        return new ExpectationList(failures, flaky) { Schema = schema, Comment = comment };
    }

    private List<ExpectationEntry> Entries(LocatedNode? node, bool isFlaky)
    {
        var entries = new List<ExpectationEntry>();
        foreach (var item in node?.Items(errors) ?? [])
        {
            if (Fields.Of(item, errors) is not { } fields)
                continue;
            var cases = Patterns(fields);
            var listed = isFlaky ? CaseOutcome.Flaky : Outcome(fields);
            var entry = new ExpectationEntry(cases, listed, fields.String("reason"))
            {
                Comment = fields.OptionalString("comment"),
            };
            entries.Add(
                entry with
                {
                    Link = Link(fields, entry.IsUnexplained),
                    Owner = Text(fields, "owner", entry.IsUnexplained),
                }
            );
            fields.Done();
        }

        return entries;
    }

    private List<ExpectationPattern> Patterns(Fields fields)
    {
        var patterns = new List<ExpectationPattern>();
        if (fields.Required("cases") is not { } node)
            return patterns;
        if (node is { Kind: NodeKind.Array, Items.Count: 0 })
            errors.Add(node, "the list is empty: an entry lists at least one case");
        foreach (var item in node.Items(errors))
        {
            if (item.NonEmptyString(errors) is not { } text)
                continue;
            if (!_lines.TryAdd(text, item.Line))
                errors.Add(item, $"\"{text}\" is listed twice, first in line {_lines[text]}");
            patterns.Add(new ExpectationPattern(text) { Place = $"{file}:{item.Line} {item.Pointer}" });
        }

        return patterns;
    }

    private CaseOutcome Outcome(Fields fields)
    {
        if (fields.Optional("outcome") is not { } node || node.NonEmptyString(errors) is not { } text)
            return CaseOutcome.Failed;
        if (text is not ("failed" or "errored"))
            errors.Add(node, $"unknown outcome \"{text}\": expected failed or errored");
        return text == "errored" ? CaseOutcome.Errored : CaseOutcome.Failed;
    }

    private string? Link(Fields fields, bool mayLack)
    {
        var text = Text(fields, "link", mayLack);
        if (
            text is not null
            && !(
                Uri.TryCreate(text, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            )
        )
            errors.Add(fields.Optional("link")!, $"expected an address such as \"https://...\", found \"{text}\"");
        return text;
    }

    private string? Text(Fields fields, string name, bool mayLack)
    {
        if (fields.Required(name) is not { } node)
            return null;
        if (node.Kind != NodeKind.Null)
            return node.NonEmptyString(errors);
        if (!mayLack)
        {
            errors.Add(
                node,
                $"\"{name}\" is null, which only an entry may have whose reason begins with \"{ExpectationEntry.Unexplained}\""
            );
        }

        return null;
    }
}
