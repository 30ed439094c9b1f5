using Microsoft.Playwright;

namespace Conformance.Tests.Documentation;

/// <summary>The page in a real browser.</summary>
[Collection(BrowserTests.Name)]
public class BookPageTests(Browser browser)
{
    private const int Phone = 360;
    private const int WindowHeight = 800;

    [BrowserFact]
    public async Task It_opens_without_a_complaint_and_asks_for_nothing_else()
    {
        await using var open = await browser.Open();

        await open.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        open.Complaints.Should().BeEmpty();
        open.Requests.Should().Equal(OpenPage.Address);
        (await open.VisibleRules.CountAsync()).Should().Be(GeneratedBook.Set.Rules.Rules.Count);
    }

    [BrowserFact]
    public async Task A_slash_leads_to_the_search_which_narrows_the_rules_to_those_with_all_words()
    {
        await using var open = await browser.Open();

        await open.Page.Keyboard.PressAsync("/");
        await open.Page.Keyboard.TypeAsync("EBUSY one kind");

        var texts = await open.VisibleRules.AllTextContentsAsync();
        texts.Should().NotBeEmpty().And.HaveCountLessThan(GeneratedBook.Set.Rules.Rules.Count / 2);
        texts.Should().OnlyContain(text => text.Contains("EBUSY", StringComparison.OrdinalIgnoreCase));
        (await open.Page.TextContentAsync("#found")).Should().StartWith($"{texts.Count} of ");

        await open.Page.Keyboard.PressAsync("Enter");
        (await open.Page.EvaluateAsync<string>("document.activeElement.closest('.rule').id"))
            .Should()
            .Be(await open.VisibleRules.First.GetAttributeAsync("id"));

        await open.Page.Keyboard.PressAsync("Escape");
        (await open.VisibleRules.CountAsync()).Should().Be(GeneratedBook.Set.Rules.Rules.Count);
    }

    [BrowserFact]
    public async Task Words_that_no_rule_has_are_said_to_find_nothing()
    {
        await using var open = await browser.Open();

        await open.Page.FillAsync("#query", "no such thing anywhere");

        (await open.VisibleRules.CountAsync()).Should().Be(0);
        (await open.Page.IsVisibleAsync("#nothing")).Should().BeTrue();
    }

    [BrowserFact]
    public async Task A_link_to_a_rule_shows_the_rule_and_its_example()
    {
        await using var open = await browser.Open("#attach.replace");

        (await open.TopOf("attach.replace")).Should().BeInRange(0, WindowHeight / 2d);
        (await open.Page.IsVisibleAsync("[id='attach.replace'] .steps")).Should().BeTrue();
    }

    [BrowserFact]
    public async Task A_link_to_a_rule_that_a_search_has_hidden_ends_the_search()
    {
        await using var open = await browser.Open();
        await open.Page.FillAsync("#query", "ebusy");

        await open.Page.EvaluateAsync("location.hash = '#zeroing.first-sight'");

        await open.Page.Locator("[id='zeroing.first-sight']").WaitForAsync();
        (await open.Page.InputValueAsync("#query")).Should().BeEmpty();
        (await open.TopOf("zeroing.first-sight")).Should().BeInRange(0, WindowHeight / 2d);
    }

    [BrowserFact]
    public async Task On_a_phone_nothing_is_wider_than_the_window_and_the_contents_fold_away()
    {
        await using var open = await browser.Open(width: Phone);
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");

        (await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().Be(Phone);
        (await open.Page.IsVisibleAsync("#contents")).Should().BeFalse();
        await open.Page.ClickAsync("#menu");
        (await open.Page.GetAttributeAsync("#menu", "aria-expanded")).Should().Be("true");
        await open.Page.ClickAsync("#contents a[href='#versions']");
        (await open.Page.IsVisibleAsync("#contents")).Should().BeFalse();
    }

    [BrowserFact]
    public async Task Text_stands_out_from_its_ground_by_4_5_to_1_in_light_and_dark()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var open = await browser.Open("#pointer.old-buffer", scheme: scheme);

            var faint = await open.Page.EvaluateAsync<string[]>(Legibility.FaintText);

            faint.Should().BeEmpty("{0} has too little contrast", scheme);
        }

        (await Ground(ColorScheme.Dark)).Should().NotBe(await Ground(ColorScheme.Light));
    }

    private async Task<string> Ground(ColorScheme scheme)
    {
        await using var open = await browser.Open(scheme: scheme);
        return await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }
}
