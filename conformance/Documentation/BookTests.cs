using System.Text.RegularExpressions;
using Conformance.Harness.Documentation;

namespace Conformance.Tests.Documentation;

public partial class BookTests
{
    [Theory]
    [InlineData(Book.MarkdownFile)]
    [InlineData(Book.HtmlFile)]
    public void The_book_in_the_repository_is_what_rules_and_vectors_say_now(string file)
    {
        var book = GeneratedBook.Of;
        var expected = file == Book.HtmlFile ? book.Html : book.Markdown;

        var found = File.ReadAllText(GeneratedBook.PathOf(file)).ReplaceLineEndings("\n");

        var line = 1 + found.AsSpan(0, found.AsSpan().CommonPrefixLength(expected)).Count('\n');
        (found == expected)
            .Should()
            .BeTrue(
                "docs/{0} must not be stale, and is from line {1} on; write it again: helper-conformance docs",
                file,
                line
            );
    }

    [Fact]
    public void The_same_vectors_give_the_same_book() =>
        (GeneratedBook.Generate() == GeneratedBook.Of).Should().BeTrue();

    [Fact]
    public void Every_rule_has_one_place_in_both_formats()
    {
        foreach (var rule in GeneratedBook.Set.Rules.Rules)
        {
            Count(GeneratedBook.Of.Markdown, $"<a id=\"{rule.Id}\"></a>").Should().Be(1, rule.Id);
            Count(GeneratedBook.Of.Html, $"<article class=\"rule\" id=\"{rule.Id}\"").Should().Be(1, rule.Id);
        }
    }

    [Fact]
    public void Every_rule_with_a_vector_shows_a_program_or_steps_with_what_was_observed()
    {
        var rules = GeneratedBook.Set.Rules.Rules;
        var covered = rules.Count(rule => GeneratedBook.Set.Vectors.Any(vector => vector.Rules.Contains(rule.Id)));

        // One more in Markdown: the worked example.
        Count(GeneratedBook.Of.Html, "<table class=\"steps\">").Should().Be(covered);
        Count(GeneratedBook.Of.Markdown, "| step | observed on the reference VM |").Should().Be(covered + 1);
    }

    [Fact]
    public void Every_example_that_was_chosen_checks_its_rule()
    {
        var vectors = GeneratedBook.Set.Vectors.ToDictionary(vector => vector.Id, vector => vector.Rules);
        foreach (var (rule, vector) in ExampleChoice.Chosen)
            vectors.Should().ContainKey(vector).WhoseValue.Should().Contain(rule);
    }

    [Fact]
    public void Every_area_has_a_title_and_a_C_program()
    {
        foreach (var area in GeneratedBook.Set.Rules.Rules.Select(rule => rule.Area).Distinct())
            (CExample.Find(area) is not null && Area.Of(area, []).Text.Length > 0).Should().BeTrue(area);
    }

    [Fact]
    public void Every_link_within_the_book_leads_somewhere()
    {
        var html = GeneratedBook.Of.Html;
        var ids = Ids().Matches(html).Select(match => match.Groups["id"].Value).ToList();
        ids.Should().OnlyHaveUniqueItems();
        Links().Matches(html).Select(match => match.Groups["id"].Value).Except(ids).Should().BeEmpty();

        var markdown = GeneratedBook.Of.Markdown;
        var anchors = Ids().Matches(markdown).Select(match => match.Groups["id"].Value);
        MarkdownLinks().Matches(markdown).Select(match => match.Groups["id"].Value).Except(anchors).Should().BeEmpty();
    }

    [Fact]
    public void The_page_asks_for_nothing_that_is_not_in_it() =>
        Outside().Matches(GeneratedBook.Of.Html).Select(match => match.Value).Should().BeEmpty();

    [Fact]
    public void Nothing_in_the_book_depends_on_where_it_was_made()
    {
        var text = GeneratedBook.Of.Markdown + GeneratedBook.Of.Html;
        text.Should().NotContain(Path.GetDirectoryName(GeneratedBook.VectorsFolder)!);
        text.Should().NotContain("\r").And.NotContain("{{");
    }

    private static int Count(string text, string part) => text.AsSpan().Count(part);

    [GeneratedRegex(" id=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Ids();

    [GeneratedRegex(
        "(href=\"#|aria-(labelledby|controls)=\"|for=\")(?<id>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Links();

    [GeneratedRegex("\\]\\(#(?<id>[^)]+)\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex MarkdownLinks();

    [GeneratedRegex(
        "\\bsrc\\s*=|href=\"(?!#|data:,)[^\"]*\"|@import|url\\(|fetch\\(|XMLHttpRequest|<base|<iframe",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Outside();
}
