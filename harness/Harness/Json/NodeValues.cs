using System.Globalization;

namespace Conformance.Harness.Json;

/// <summary>Values of nodes. Each reports what is wrong and returns a stand-in, or null where a stand-in would mislead.</summary>
internal static class NodeValues
{
    public static bool Is(this LocatedNode node, NodeKind kind, ErrorSink errors)
    {
        if (node.Kind == kind)
            return true;
        errors.Add(node, $"expected {LocatedNode.Describe(kind)}, found {LocatedNode.Describe(node.Kind)}");
        return false;
    }

    public static string? String(this LocatedNode node, ErrorSink errors) =>
        node.Is(NodeKind.String, errors) ? node.Text : null;

    public static string? NonEmptyString(this LocatedNode node, ErrorSink errors)
    {
        var text = node.String(errors);
        if (text is { Length: 0 })
            errors.Add(node, "the string is empty");
        return text is { Length: 0 } ? null : text;
    }

    public static bool Boolean(this LocatedNode node, ErrorSink errors) =>
        node.Is(NodeKind.Boolean, errors) && node.Text == "true";

    public static IReadOnlyList<LocatedNode> Items(this LocatedNode node, ErrorSink errors) =>
        node.Is(NodeKind.Array, errors) ? node.Items : [];

    public static IReadOnlyList<LocatedMember> Members(this LocatedNode node, ErrorSink errors) =>
        node.Is(NodeKind.Object, errors) ? node.Members : [];

    /// <summary>A list of strings, none empty and none twice.</summary>
    public static IReadOnlyList<string> DistinctStrings(this LocatedNode node, ErrorSink errors)
    {
        var strings = new List<string>();
        foreach (var item in node.Items(errors))
        {
            if (item.NonEmptyString(errors) is not { } text)
                continue;
            if (strings.Contains(text))
                errors.Add(item, $"\"{text}\" is there twice");
            strings.Add(text);
        }

        return strings;
    }

    /// <summary>An integer between two bounds, as a JSON number.</summary>
    public static int Int(this LocatedNode node, int min, int max, ErrorSink errors)
    {
        if (!node.Is(NodeKind.Number, errors))
            return min;
        if (
            int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min
            && value <= max
        )
            return value;
        errors.Add(node, $"expected an integer from {min} to {max}, found {node.Text}");
        return min;
    }

    /// <summary>
    /// A number of <paramref name="bits"/> bits: a JSON integer (negative ones in two's complement) or a hex string such as
    /// <c>"0xff"</c>.
    /// </summary>
    public static ulong Number(this LocatedNode node, int bits, ErrorSink errors)
    {
        if (node.Kind is not (NodeKind.Number or NodeKind.String))
        {
            errors.Add(node, $"expected a number or a hex string, found {LocatedNode.Describe(node.Kind)}");
            return 0;
        }

        var max = ulong.MaxValue >> (64 - bits);
        if (node.Kind == NodeKind.String)
        {
            var hex = node.Text.StartsWith("0x", StringComparison.Ordinal) ? node.Text.AsSpan(2) : default;
            if (ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                return Within(value, max, node, bits, errors);
            errors.Add(node, $"expected a number or a hex string such as \"0xff\", found \"{node.Text}\"");
            return 0;
        }

        if (ulong.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var positive))
            return Within(positive, max, node, bits, errors);
        if (
            long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var negative)
            && negative >= long.MinValue >> (64 - bits)
        )
            return (ulong)negative & max;
        errors.Add(node, $"expected an integer of {bits} bits, found {node.Text}");
        return 0;
    }

    /// <summary>Bytes as pairs of hex digits; blanks between them are allowed.</summary>
    public static byte[] Hex(this LocatedNode node, ErrorSink errors)
    {
        if (node.String(errors) is not { } text)
            return [];
        var digits = text.Replace(" ", "", StringComparison.Ordinal);
        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            var what = digits.Length % 2 == 0 ? "something else than hex digits" : "an odd number of hex digits";
            errors.Add(node, $"expected bytes as pairs of hex digits, found {what}");
            return [];
        }
    }

    private static ulong Within(ulong value, ulong max, LocatedNode node, int bits, ErrorSink errors)
    {
        if (value <= max)
            return value;
        errors.Add(node, $"{node.Text} does not fit into {bits} bits");
        return 0;
    }
}
