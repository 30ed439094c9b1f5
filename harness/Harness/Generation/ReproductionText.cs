using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation;

/// <summary>What a reproduction says.</summary>
/// <param name="Id">Folder and file name joined by a dot.</param>
/// <param name="Title">What happens.</param>
/// <param name="Catches">What was found.</param>
/// <param name="Cgroups">Its cgroups.</param>
/// <param name="Maps">Its maps.</param>
/// <param name="Programs">Its programs.</param>
/// <param name="Steps">Its steps. The rules that their expectations name are the file's.</param>
internal sealed record Reproduction(
    string Id,
    string Title,
    string Catches,
    JsonObject Cgroups,
    JsonObject Maps,
    JsonObject Programs,
    JsonArray Steps
);

/// <summary>The text of a vector file that the suite writes.</summary>
internal static class ReproductionText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(Reproduction reproduction)
    {
        var rules = reproduction
            .Steps.Select(step => (string?)step!["expect"]?["rule"])
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal);
        var file = new JsonObject
        {
            ["$schema"] = "../schema/vector.schema.json",
            ["id"] = reproduction.Id,
            ["kind"] = "reproduction",
            ["title"] = reproduction.Title,
            ["rules"] = List(rules),
            ["catches"] = reproduction.Catches,
            ["cgroups"] = reproduction.Cgroups,
            ["maps"] = reproduction.Maps,
            ["programs"] = reproduction.Programs,
            ["steps"] = reproduction.Steps,
        };
        return file.ToJsonString(Options) + "\n";
    }

    /// <summary>The definition of a program.</summary>
    public static JsonObject Program(ProgramType type, AttachType expected, IEnumerable<string> lines) =>
        new()
        {
            ["type"] = Names.Of(type),
            ["expected_attach_type"] = Names.Of(expected),
            ["source"] = List(lines),
        };

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
