using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>What there is when an example begins; what a step makes is shown with the steps.</summary>
internal static class ExampleWorld
{
    /// <summary>More of a kind than this are only counted.</summary>
    private const int Shown = 4;

    public static IReadOnlyList<string> Of(Case @case) =>
        [
            .. Listed(
                "cgroup",
                "cgroups",
                [.. @case.Setup.Select(step => step.Operation).OfType<CgroupCreate>().Select(Text)]
            ),
            .. @case
                .Setup.Select(step => step.Operation)
                .OfType<MapCreate>()
                .Select(map => $"map `{OperationText.Of(map)["map_create ".Length..]}`"),
        ];

    private static IEnumerable<string> Listed(string one, string several, string[] texts) =>
        texts.Length switch
        {
            0 => [],
            1 => [$"{one} {texts[0]}"],
            <= Shown => [$"{several} {string.Join(", ", texts)}"],
            _ => [$"{texts.Length} {several}, from {texts[0]} to {texts[^1]}"],
        };

    private static string Text(CgroupCreate cgroup) =>
        cgroup.Parent is null ? $"`{cgroup.Cgroup}`" : $"`{cgroup.Cgroup}` (below `{cgroup.Parent}`)";
}
