using System.Text.Json;
using System.Text.RegularExpressions;
using Conformance.Harness.Reporting;
using Conformance.Harness.Reporting.Html;

namespace Conformance.Tests.Reporting;

public sealed class HtmlReportTests(HtmlReportFile file) : IClassFixture<HtmlReportFile>
{
    private readonly string _text = File.ReadAllText(file.Path);

    [Fact]
    public void A_report_of_all_cases_on_three_machines_has_less_than_three_megabytes() =>
        _text.Length.Should().BeInRange(100_000, 3_000_000);

    [Fact]
    public void What_a_machine_says_can_neither_end_the_data_nor_begin_markup()
    {
        Regex.Count(_text, "</script>").Should().Be(2, "the data and the script end once each");
        _text.Should().NotContain("<b>bad").And.NotContain("<img").And.NotContain("]]>").And.NotContain("\0");
        Regex.Count(_text, "<!--").Should().Be(0);
    }

    [Fact]
    public void The_data_has_a_letter_for_each_case_and_each_listing_once()
    {
        var begin = _text.IndexOf('>', _text.IndexOf("id=\"data\"", StringComparison.Ordinal)) + 1;
        var end = _text.IndexOf("</script>", begin, StringComparison.Ordinal);
        using var data = JsonDocument.Parse(_text[begin..end]);
        var runs = data.RootElement.GetProperty("runs").EnumerateArray().ToArray();

        runs.Select(run => run.GetProperty("label").GetString()).Should().Equal("good", "<b>bad</b>", "cut");
        foreach (var run in runs)
        {
            run.GetProperty("outcomes").GetString().Should().HaveLength(HtmlReportFile.Count);
        }

        runs[1]
            .GetProperty("outcomes")
            .GetString()!
            .CountBy(letter => letter)
            .Should()
            .BeEquivalentTo(
                new Dictionary<char, int>
                {
                    ['p'] = HtmlReportFile.Count - 3,
                    ['f'] = 1,
                    ['e'] = 1,
                    ['x'] = 1,
                }
            );
        runs[2].GetProperty("outcomes").GetString()!.Count(letter => letter == 'p').Should().Be(50);
        data.RootElement.GetProperty("lines")
            .EnumerateArray()
            .Select(line => line.GetString())
            .Should()
            .OnlyHaveUniqueItems();
    }

    [Fact]
    public void The_same_runs_give_the_same_bytes()
    {
        var again = new StringWriter();
        HtmlReport.Write([HtmlReportFile.Good], Documentation.GeneratedBook.Set, "0.1.0", again);
        var once = new StringWriter();
        HtmlReport.Write([HtmlReportFile.Good], Documentation.GeneratedBook.Set, "0.1.0", once);
        again.ToString().Should().Be(once.ToString());
    }

    [Fact]
    public void Machines_of_one_name_are_kept_apart_by_what_differs_else_by_the_names_of_their_records()
    {
        var vm = new VmRecord("vm", "1", "6.18", 1);
        RunLabels.Of([vm, vm with { Name = "other" }], names: null).Should().Equal("vm", "other");
        RunLabels.Of([vm, vm with { Version = "2" }], names: null).Should().Equal("vm 1", "vm 2");
        RunLabels.Of([vm, vm with { Kernel = null }], names: null).Should().Equal("vm, Linux 6.18", "vm");
        RunLabels.Of([vm, vm], ["old", "new"]).Should().Equal("vm (old)", "vm (new)");
        RunLabels.Of([vm, vm], ["same", "same"]).Should().Equal("vm (1)", "vm (2)");
    }
}
