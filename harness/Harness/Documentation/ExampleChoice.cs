using System.Text.Json;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Documentation;

/// <summary>Which vector shows a rule best, and which of its cases.</summary>
internal static class ExampleChoice
{
    /// <summary>By rule, the vector that shows it best where the order below does not find it: <c>examples.json</c>.</summary>
    public static IReadOnlyDictionary<string, string> Chosen { get; } =
        JsonSerializer.Deserialize(BookResources.Text("examples.json"), BookJson.Default.DictionaryStringString)!;

    /// <summary>
    /// The vectors that check a rule, the most telling first: the one that was chosen, the one named as the rule, then those that are about it before all, named nearly as it
    /// is, about little else, and short.
    /// </summary>
    public static IReadOnlyList<Vector> Ranked(Rule rule, VectorSet set) =>
        [
            .. set
                .Vectors.Where(vector => vector.Kind == VectorKind.Vector && vector.Rules.Contains(rule.Id))
                .OrderBy(vector => vector.Id == Chosen.GetValueOrDefault(rule.Id) ? 0 : 1)
                .ThenBy(vector => vector.Id == rule.Id ? 0 : 1)
                .ThenBy(vector => vector.Rules[0] == rule.Id ? 0 : 1)
                .ThenByDescending(vector => SharedWords(vector.Id, rule.Id))
                .ThenBy(vector => vector.Rules.Count)
                .ThenBy(vector => Length(set.Cases.First(@case => @case.Vector == vector)))
                .ThenBy(vector => vector.Id, StringComparer.Ordinal),
        ];

    /// <summary>The case that needs the least explaining: packets that are sent, the shared kind, the key of 16 bytes, where the vector has them.</summary>
    public static Case Of(string vector, VectorSet set) =>
        set
            .Cases.Where(@case => @case.Vector.Id == vector)
            .MinBy(@case =>
                (@case.AttachType is null or AttachType.CgroupInetEgress ? 0 : 4)
                + (@case.Label("storage_kind") is null or "shared" ? 0 : 2)
                + (@case.Label("key_size") is null or "key16" ? 0 : 1)
            )!;

    private static int SharedWords(string vector, string rule) => Words(vector).Intersect(Words(rule)).Count();

    private static string[] Words(string id) => id[(id.IndexOf('.') + 1)..].Split('-');

    private static int Length(Case @case) =>
        @case.Steps.Sum(step => 1 + step.Tracks.Sum(track => track.Steps.Count))
        + @case.Programs.Sum(program => program.Source?.Count ?? program.Load.Instructions.Length);
}
