using Conformance.Tests.Documentation;
using Microsoft.Playwright;

namespace Conformance.Tests.Reporting;

/// <summary>The report in a real browser, opened from disk.</summary>
[Collection(BrowserTests.Name)]
public sealed class HtmlReportPageTests(Browser browser, HtmlReportFile file) : IClassFixture<HtmlReportFile>
{
    private const int Phone = 360;

    [BrowserFact]
    public async Task It_opens_without_a_complaint_asks_for_nothing_else_and_shows_every_rule()
    {
        await using var open = await browser.OpenAt(file.Address);

        open.Complaints.Should().BeEmpty();
        open.Requests.Should().Equal(file.Address);
        (await open.Page.Locator(".card").CountAsync()).Should().Be(3);
        (await open.Page.Locator(".card").Nth(1).TextContentAsync())
            .Should()
            .Contain("<b>bad</b>")
            .And.Contain("2 cases red");
        var cited = GeneratedBook.Set.Cases.SelectMany(@case => @case.Vector.Rules).Distinct().Count();
        (await open.Page.Locator(".matrix tbody tr:not(.area-row)").CountAsync()).Should().Be(cited);
    }

    [BrowserFact]
    public async Task A_filter_narrows_the_matrix_and_leads_to_the_failing_case()
    {
        await using var open = await browser.OpenAt(file.Address);

        await open.Page.SelectOptionAsync("#outcome", "red");
        (await open.Page.TextContentAsync("#found")).Should().StartWith("2 of ");
        await open.Page.Locator($".matrix td.bad a[href^='#rule/{HtmlReportFile.BrokenRule}?']").ClickAsync();
        await open.Page.Locator(".cases tbody a").First.ClickAsync();
        await open.Page.Locator(".versus").WaitForAsync();

        open.Page.Url.Should().EndWith($"#case/{HtmlReportFile.Broken}");
        var text = await open.Page.TextContentAsync("main");
        text.Should()
            .Contain("</script><!-- ``` ]]> ␀␛[2J \ufffd")
            .And.Contain("<img src=x onerror=alert(1)>")
            .And.Contain($"helper-conformance run --vm ./bad --filter '{HtmlReportFile.Broken}'")
            .And.Contain("bpf_get_local_storage#81");
        (await open.Page.Locator(".steps-table .state-v").CountAsync()).Should().Be(1);
        open.Complaints.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task Words_find_cases_and_the_address_keeps_them()
    {
        await using var open = await browser.OpenAt(file.Address + "#cases");

        await open.Page.Keyboard.PressAsync("/");
        await open.Page.Keyboard.TypeAsync("sysctl percpu.key8");
        var found = await open.Page.TextContentAsync("#found");
        found.Should().NotStartWith("0 ").And.Contain(" of ");
        (await open.Page.Locator(".cases tbody th").AllTextContentsAsync())
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(id => id.Contains("sysctl") || id.Contains("percpu.key8"));

        await using var again = await browser.OpenAt(open.Page.Url);
        (await again.Page.TextContentAsync("#found")).Should().Be(found);

        await open.Page.FillAsync("#query", "no such thing anywhere");
        (await open.Page.IsVisibleAsync(".nothing")).Should().BeTrue();
    }

    [BrowserFact]
    public async Task An_expected_failure_shows_why_it_is_expected_and_only_a_web_address_is_a_link()
    {
        await using var open = await browser.OpenAt($"{file.Address}#case/{HtmlReportFile.Known}");

        (await open.Page.TextContentAsync(".listed"))
            .Should()
            .Contain("it is known")
            .And.Contain("javascript:alert(1)");
        (await open.Page.Locator(".listed a").CountAsync()).Should().Be(0);
    }

    [BrowserFact]
    public async Task A_case_that_passed_shows_its_steps_and_programs_and_one_that_is_not_there_says_so()
    {
        await using var open = await browser.OpenAt($"{file.Address}#case/{GeneratedBook.Set.Cases[0].Id}");

        (await open.Page.Locator(".steps-table tbody tr").CountAsync()).Should().BeGreaterThan(1);
        (await open.Page.TextContentAsync("main")).Should().Contain("exit");

        await open.Page.EvaluateAsync("location.hash = '#case/%E0%A4%A'");
        await open.Page.GetByText("There is no such thing here").WaitForAsync();
        open.Complaints.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task On_a_phone_nothing_is_wider_than_the_window_and_text_can_be_read_in_the_dark()
    {
        foreach (var view in new[] { "", "#cases", $"#case/{HtmlReportFile.Broken}" })
        {
            await using var open = await browser.OpenAt(file.Address + view, Phone, ColorScheme.Dark);

            (await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().Be(Phone, view);
            (await open.Page.EvaluateAsync<string[]>(Legibility.FaintText)).Should().BeEmpty(view);
        }
    }

    [BrowserFact]
    public async Task Text_can_be_read_in_the_light()
    {
        foreach (var view in new[] { "", $"#case/{HtmlReportFile.Broken}", $"#case/{HtmlReportFile.Errored}" })
        {
            await using var open = await browser.OpenAt(file.Address + view);
            (await open.Page.EvaluateAsync<string[]>(Legibility.FaintText)).Should().BeEmpty(view);
        }
    }
}
