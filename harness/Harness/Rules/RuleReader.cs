using Conformance.Harness.Json;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Rules;

/// <summary>Reads <c>rules.json</c>.</summary>
internal static class RuleReader
{
    /// <summary>The catalogue; null where the file holds no list of rules. What is wrong goes to <paramref name="errors"/>.</summary>
    public static IReadOnlyList<(Rule Rule, LocatedNode Node)>? Read(LocatedNode root, ErrorSink errors)
    {
        if (Fields.Of(root, errors) is not { } fields)
            return null;
        fields.OptionalString("$schema");
        var node = fields.Required("rules");
        fields.Done();
        if (node is null || !node.Is(NodeKind.Array, errors))
            return null;
        if (node.Items.Count == 0)
            errors.Add(node, "there are no rules");

        var rules = new List<(Rule Rule, LocatedNode Node)>();
        foreach (var item in node.Items)
        {
            if (Fields.Of(item, errors) is not { } member)
                continue;
            var rule = One(member);
            member.Done();
            if (rule.Until <= rule.Since)
                errors.Add(
                    item.Member("until")!,
                    $"a rule that holds since {rule.Since} cannot have ended with {rule.Until}"
                );
            if (rule.Until is null && rule.EndedIn.Count > 0)
                errors.Add(item.Member("ended_in")!, "a rule that has not ended in mainline ended nowhere");
            if (rule.Id.Length == 0)
                continue;
            if (rules.Exists(other => other.Rule.Id == rule.Id))
                errors.Add(item.Member("id")!, $"the rule \"{rule.Id}\" is there twice");
            else
                rules.Add((rule, item));
        }

        return rules;
    }

    private static Rule One(Fields fields) =>
        new()
        {
            Id = Id(fields),
            Sentence = fields.String("sentence"),
            Level = Word(fields, "level", ("core", RuleLevel.Core), ("linux", RuleLevel.Linux)),
            Since = fields.Required("since") is { } since ? Version(since, fields.Errors) : default,
            FixedIn = Versions(fields, "fixed_in"),
            Until = fields.Optional("until") is { } until ? Version(until, fields.Errors) : null,
            EndedIn = Versions(fields, "ended_in"),
            Sources = fields.Required("source")?.DistinctStrings(fields.Errors) ?? [],
            Numbers = fields.Optional("numbers")?.DistinctStrings(fields.Errors) ?? [],
            Known = Word(fields, "known", ("measured", RuleEvidence.Measured), ("source", RuleEvidence.Source)),
            Why = fields.String("why"),
            NoVector = fields.Optional("no_vector") is { } none ? NoVector(none, fields.Errors) : null,
        };

    private static IReadOnlyList<KernelVersion> Versions(Fields fields, string name) =>
        [.. (fields.Optional(name)?.Items(fields.Errors) ?? []).Select(item => Version(item, fields.Errors))];

    private static string Id(Fields fields)
    {
        var id = fields.String("id");
        if (id.Length > 0 && !IsId(id))
            fields.Errors.Add(
                fields.Node.Member("id")!,
                $"an id is an area and a name of lower-case letters, digits and -, joined by a dot: \"{id}\" is not"
            );
        return id.Contains('.', StringComparison.Ordinal) ? id
            : id.Length == 0 ? ""
            : $"{id}.";
    }

    private static bool IsId(string id)
    {
        var parts = id.Split('.');
        return parts.Length == 2
            && parts.All(part =>
                part.Length > 0 && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            );
    }

    private static T Word<T>(Fields fields, string name, params (string Word, T Value)[] words)
        where T : struct
    {
        if (fields.Required(name) is not { } node || node.String(fields.Errors) is not { } text)
            return default;
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
        }

        var expected = string.Join(" or ", words.Select(pair => pair.Word));
        fields.Errors.Add(node, $"unknown {name} \"{text}\": expected {expected}");
        return default;
    }

    private static KernelVersion Version(LocatedNode node, ErrorSink errors)
    {
        var version = default(KernelVersion);
        if (
            node.String(errors) is { } text
            && (!KernelVersion.TryParse(text, out version) || text.AsSpan().IndexOfAnyExcept("0123456789.") >= 0)
        )
            errors.Add(node, $"expected a kernel version such as \"4.19\" or \"6.18.35\", found \"{text}\"");
        return version;
    }

    private static NoVector? NoVector(LocatedNode node, ErrorSink errors)
    {
        if (Fields.Of(node, errors) is not { } fields)
            return null;
        var none = new NoVector(fields.String("kind"), fields.String("reason"));
        if (none.Kind.Length > 0 && !Rules.NoVector.Kinds.Contains(none.Kind))
            errors.Add(
                node.Member("kind")!,
                $"unknown kind \"{none.Kind}\": expected one of {string.Join(", ", Rules.NoVector.Kinds)}"
            );
        fields.Done();
        return none;
    }
}
