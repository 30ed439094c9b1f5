using Conformance.Harness.Certification;
using Conformance.Harness.Rules;

namespace Conformance.Harness.Documentation;

/// <summary>What checks what, and what nothing checks.</summary>
internal static class CoverageTables
{
    public static string Numbers(BookContents contents)
    {
        var rules = contents.Rules.ToArray();
        var covered = rules.Count(entry => entry.Vectors.Count > 0);
        var cases = contents.Set.Cases.Count(@case => @case.Vector.Kind == Vectors.VectorKind.Vector);
        var measured = rules.Where(entry => entry.Rule.Known == RuleEvidence.Measured).ToArray();
        string[] lines =
        [
            $"- {rules.Length} rules: {rules.Count(entry => entry.Rule.Level == RuleLevel.Core)} of level core, "
                + $"{rules.Count(entry => entry.Rule.Level == RuleLevel.Linux)} of level linux",
            $"- {measured.Length} of them measured on a live kernel, {rules.Length - measured.Length} read in its source",
            $"- {covered} rules with at least one vector, {rules.Length - covered} with a written reason for having none",
            $"- {contents.Vectors.Count()} vectors, which expand to {cases} cases; {contents.CertifiedCases} of them certified on "
                + (contents.Kernels.Count == 0 ? "no kernel" : $"Linux {string.Join(", Linux ", contents.Kernels)}"),
        ];
        return string.Join('\n', lines);
    }

    public static string Rules(BookContents contents) =>
        MarkdownText.Table(
            [
                "rule",
                "level",
                "cases",
                .. contents.Kernels.Select(on => $"held on {on.Kernel}"),
                "vectors, or why there is none",
            ],
            contents.Rules.Select(entry =>
                (IReadOnlyList<string>)
                    [
                        MarkdownText.RuleLink(entry.Rule.Id),
                        entry.Rule.Level == RuleLevel.Core ? "core" : "linux",
                        $"{entry.Cases}",
                        .. contents.Kernels.Select(on => Held(entry, on)),
                        entry.Vectors.Count == 0
                            ? RuleText.NoVector(entry.Rule)
                            : string.Join(", ", entry.Vectors.Select(checking => $"`{checking.Vector.Id}`")),
                    ]
            )
        );

    private static string Held(RuleEntry entry, CertifiedKernel on) =>
        entry.Certified.FirstOrDefault(cases => cases.On == on) is { } cases ? $"{cases.Cases}" : "–";

    public static string Uncertified(BookContents contents) =>
        contents.Uncertified.Count == 0
            ? "Every case whose rules bind a certified kernel has held there."
            : MarkdownText.Table(
                ["vector or case", "why it is certified nowhere"],
                contents.Uncertified.Select(reason => (IReadOnlyList<string>)[$"`{reason.Id}`", reason.Reason])
            );
}
