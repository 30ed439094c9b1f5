using Conformance.Harness.Json;

namespace Conformance.Harness.Vectors;

/// <summary>Reads what is expected of a number: itself, <c>@name</c>, or an object of demands.</summary>
internal static class NumberReader
{
    public static NumberExpectation Expectation(LocatedNode node, int bits, CaseScope scope)
    {
        if (node.Kind != NodeKind.Object)
            return new NumberExpectation { EqualTo = Term(node, bits, scope) };

        var errors = scope.Errors;
        var fields = Fields.Of(node, errors)!;
        if (node.Members.Count == 0)
            errors.Add(node, "an empty object expects nothing");
        var expectation = new NumberExpectation
        {
            Not = fields.Optional("not") is { } not ? Terms(not, bits, scope) : [],
            Min = fields.Optional("min")?.Number(bits, errors),
            Max = fields.Optional("max")?.Number(bits, errors),
            Aligned = fields.Optional("aligned")?.Number(bits, errors),
            Bind = fields.OptionalString("bind"),
        };
        fields.Done();
        if (fields.Has("aligned") && expectation.Aligned == 0)
            errors.Add(node, "nothing is a multiple of 0");
        if (expectation.Bind is { } name)
            Bind(name, node, scope);
        return expectation;
    }

    private static void Bind(string name, LocatedNode node, CaseScope scope)
    {
        if (!CaseNames.IsName(name))
            scope.Errors.Add(node, $"a name is of letters, digits, _ and -: \"{name}\" is not");
        if (!scope.Bound.Add(name))
            scope.Errors.Add(node, $"\"{name}\" is bound twice");
    }

    private static IReadOnlyList<NumberTerm> Terms(LocatedNode node, int bits, CaseScope scope) =>
        node.Kind == NodeKind.Array
            ? [.. node.Items.Select(item => Term(item, bits, scope))]
            : [Term(node, bits, scope)];

    private static NumberTerm Term(LocatedNode node, int bits, CaseScope scope)
    {
        if (node.Kind != NodeKind.String || !node.Text.StartsWith('@'))
            return new NumberTerm(node.Number(bits, scope.Errors));
        var name = node.Text[1..];
        if (!scope.Bound.Contains(name))
            scope.Errors.Add(node, $"nothing before this binds \"@{name}\"");
        return new NumberTerm(0, name);
    }
}
