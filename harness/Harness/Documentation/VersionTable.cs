using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Documentation;

/// <summary>What has not been so from the beginning.</summary>
internal static class VersionTable
{
    /// <summary>The release that brought the helper.</summary>
    private static readonly KernelVersion First = new(4, 19);

    public static string Of(BookContents contents) =>
        MarkdownText.Table(
            ["since Linux", "until", "and from", "rule", "what holds since then"],
            contents
                .Rules.Select(entry => entry.Rule)
                .Where(rule => rule.Since > First || rule.Until is not null)
                .OrderBy(rule => rule.Since)
                .ThenBy(rule => rule.Id, StringComparer.Ordinal)
                .Select(rule =>
                    (IReadOnlyList<string>)
                        [
                            $"{rule.Since}",
                            $"{rule.Until}",
                            string.Join(", ", rule.FixedIn),
                            MarkdownText.RuleLink(rule.Id),
                            rule.Sentence,
                        ]
                )
        );
}
