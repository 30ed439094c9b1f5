using Conformance.Harness.Json;

namespace Conformance.Harness.Vectors;

/// <summary>One axis of a vector: the values it is expanded over, each with its label and what it defines.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">Its values, in order.</param>
internal sealed record Axis(string Name, IReadOnlyList<AxisValue> Values);

/// <summary>One value of an axis.</summary>
/// <param name="Label">How it stands in the case id.</param>
/// <param name="Definitions">The placeholders it defines.</param>
internal sealed record AxisValue(string Label, IReadOnlyList<KeyValuePair<string, LocatedNode>> Definitions);
