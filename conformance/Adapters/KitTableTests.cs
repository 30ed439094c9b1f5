using System.Text.Json;
using Conformance.Harness.Vectors;

namespace Conformance.Tests.Adapters;

/// <summary>The tables at the head of the kits against the protocol's schema: an operation or a member that a kit does not know is passed over.</summary>
public sealed class KitTableTests
{
    // Told apart by their text alone: how a row begins, and what cannot stand in it.
    [Theory]
    [InlineData("c", "{{\"{0}\",", "}")]
    [InlineData("node", "    {0}: [", "]")]
    [InlineData("python", "    \"{0}\": (", ")")]
    public void A_kit_knows_every_operation_with_every_member(string language, string beginning, string end)
    {
        var kit = KitBench.KitOf(language);
        var text = File.ReadAllText(Path.Combine(kit.Folder, kit.Kit[0]));

        var missing = Operations()
            // The kit in C runs nothing at the same time.
            .Where(operation => language != "c" || operation.Name != "parallel")
            .SelectMany(operation => Missing(operation, text, string.Format(beginning, operation.Name), end));

        missing.Should().BeEmpty();
    }

    private static IEnumerable<string> Missing(
        (string Name, string[] Members) operation,
        string text,
        string row,
        string end
    )
    {
        var start = text.IndexOf(row, StringComparison.Ordinal);
        if (start < 0)
            return [operation.Name];
        var known = text[start..text.IndexOf(end, start + row.Length, StringComparison.Ordinal)]
            .Split([' ', '"', '\'', ',', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return operation.Members.Except(known).Select(member => $"{operation.Name}.{member}");
    }

    private static IEnumerable<(string Name, string[] Members)> Operations()
    {
        var path = Path.Combine(VectorLocation.Find()!, "..", "harness", "protocol.schema.json");
        using var schema = JsonDocument.Parse(File.ReadAllText(path));
        return
        [
            .. schema
                .RootElement.GetProperty("definitions")
                .GetProperty("request")
                .GetProperty("anyOf")
                .EnumerateArray()
                .Select(request => request.GetProperty("properties"))
                .Select(members =>
                    (
                        members.GetProperty("op").GetProperty("enum")[0].GetString()!,
                        members.EnumerateObject().Select(member => member.Name).Except(["seq", "op"]).ToArray()
                    )
                )
                .Where(operation => operation.Item1 is not ("hello" or "reset" or "rendezvous" or "await")),
        ];
    }
}
