using System.Text.Json.Serialization;

namespace Conformance.Harness.Documentation;

/// <summary>Readers for the tables of words, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, AreaWords>))]
[JsonSerializable(typeof(Dictionary<string, AttachTypeWords>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class BookJson : JsonSerializerContext;
