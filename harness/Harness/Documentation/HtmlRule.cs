using Conformance.Harness.Rules;

namespace Conformance.Harness.Documentation;

/// <summary>A rule as part of the page.</summary>
internal static class HtmlRule
{
    public static string Of(RuleEntry entry, BookContents contents)
    {
        var rule = entry.Rule;
        var level = rule.Level == RuleLevel.Core ? "core" : "linux";
        var known = rule.Known == RuleEvidence.Measured ? "measured" : "source";
        var id = HtmlText.Encode(rule.Id);
        return $"""
            <article class="rule" id="{id}" data-level="{level}" aria-labelledby="{id}-name">
            <h4 id="{id}-name"><a class="anchor" href="#{id}">{Breakable(id)}</a></h4>
            <p class="badges"><span class="badge {level}" title="binds {RuleText.Level(rule)}">{level}</span> <span class="badge" title="{RuleText.Known(
                rule
            )}">{known}</span> <span class="badge">since {rule.Since}{(rule.Until is { } until ? $", until {until}" : "")}</span></p>
            <p class="sentence">{HtmlText.Inline(rule.Sentence)}</p>
            <p class="why"><span>Why</span> {HtmlText.Inline(rule.Why)}</p>
            <dl class="facts">
            {Fact("Holds since", HtmlText.Encode(RuleText.Versions(rule)))}
            {Fact("Certified", HtmlText.Encode(RuleText.Certified(entry)))}
            {Fact("Source", string.Join("<br>", rule.Sources.Select(source => $"<code>{HtmlText.Encode(source)}</code>")))}
            {Fact("Vectors", Vectors(entry))}
            </dl>
            {(entry.Example is { } example ? Example(example, contents) : "")}
            </article>
            """.ReplaceLineEndings(
            "\n"
        );
    }

    /// <summary>The steps of an example.</summary>
    public static string Steps(Example example, string machine) =>
        $"""
            <div class="scroll" tabindex="0" role="region" aria-label="Steps of {HtmlText.Encode(
                example.Case.Id
            )}"><table class="steps">
            <thead><tr><th scope="col">Step</th><th scope="col">Observed on {HtmlText.Encode(machine)}</th></tr></thead>
            <tbody>{string.Concat(example.Steps.Select(Step))}</tbody>
            </table></div>
            """;

    private static string Example(Example example, BookContents contents) =>
        $"""
            <details class="example">
            <summary>Example: {HtmlText.Inline(example.Case.Vector.Title)}</summary>
            <p>Catches {HtmlText.Inline(example.Case.Vector.Catches)}.</p>
            {World(example)}
            {string.Join('\n', example.Programs.Select(Program))}
            {Steps(example, BookSections.MachineName(contents))}
            <p class="again"><code>helper-conformance run --filter '{HtmlText.Encode(example.Case.Id)}'</code></p>
            </details>
            """;

    private static string World(Example example) =>
        example.World.Count == 0 ? "" : $"<p>Given {HtmlText.Inline(string.Join("; ", example.World))}.</p>";

    private static string Program(ExampleProgram program) =>
        $"""
            <p class="program"><code>{HtmlText.Encode(program.Names)}</code> ({HtmlText.Encode(program.Type)})</p>
            {HtmlText.Program(program.Lines, ";")}
            """;

    private static string Step(ExampleStep step)
    {
        var why = step.Why is null ? "" : $"<br><span class=\"note\">{HtmlText.Inline(step.Why)}</span>";
        var observed = string.Join("<br>", step.Observed.Select(line => $"<code>{HtmlText.Encode(line)}</code>"));
        return $"<tr><td><code>{HtmlText.Encode(step.Operation)}</code>{why}</td><td>{observed}</td></tr>\n";
    }

    private static string Vectors(RuleEntry entry) =>
        entry.Vectors.Count == 0
            ? $"none. {HtmlText.Inline(RuleText.NoVector(entry.Rule))}"
            : string.Join(
                ", ",
                entry.Vectors.Select(checking =>
                    $"<code>{HtmlText.Encode(checking.Vector.Id)}</code>&nbsp;({RuleText.Cases(checking.Cases)})"
                )
            );

    private static string Fact(string term, string html) => $"<div><dt>{term}</dt><dd>{html}</dd></div>";

    // Long ids may break behind their dots and hyphens.
    private static string Breakable(string id) =>
        id.Replace(".", ".<wbr>", StringComparison.Ordinal).Replace("-", "-<wbr>", StringComparison.Ordinal);
}
