using System.Text.Json;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Tests.Reporting;

public sealed class TextReportTests
{
    /// <summary>What a machine may say: markup of every report, control characters, half a character, text that runs backwards.</summary>
    public const string Hostile =
        "</script><!-- ``` ]]> \0\u001b[2J \u202e \ud800 | # \\ %0A\r\n::error::x\nnot ok 1\n  ...\n";

    private static readonly CaseRecord Odd = SampleRun.Failed with
    {
        Message = Hostile,
        Aftermath = Hostile,
        StandardError = [Hostile],
        Failure = SampleRun.Failed.Failure! with { Log = Hostile, Actual = Hostile },
    };

    private static readonly RunRecord OddRun = SampleRun.Record with
    {
        Results = [Odd, SampleRun.Record.Results[7] with { Message = Hostile }],
    };

    [Fact]
    public Task The_tap_report_is_stable() => Snapshot.Verify(Text(TapReport.Write, SampleRun.Record));

    [Fact]
    public Task The_markdown_report_is_stable() => Snapshot.Verify(Text(Markdown, SampleRun.Record));

    [Fact]
    public Task The_annotations_are_stable() => Snapshot.Verify(Text(AnnotationReport.Write, SampleRun.Record));

    [Fact]
    public void A_badge_of_a_run_with_failures_is_red_and_counts_them() =>
        Text(BadgeReport.Write, SampleRun.Record)
            .Should()
            .Be(
                """{"schemaVersion":1,"label":"bpf_get_local_storage","message":"1 failed, 1 errored, 1 unexpected pass, 4 passed","color":"red","isError":true}"""
                    + "\n"
            );

    [Fact]
    public void A_badge_is_green_only_where_something_passed_and_nothing_is_red()
    {
        Badge(Only(CaseOutcome.Passed)).Should().Be(("4 passed", "brightgreen"));
        Badge(Only(CaseOutcome.NotApplicable)).Should().Be(("nothing was run", "lightgrey"));
        Badge(Only(CaseOutcome.ExpectedFailure)).Should().Be(("0 passed, 1 known failures", "yellowgreen"));
        Badge(Only(CaseOutcome.Passed) with { Interrupted = true }).Should().Be(("interrupted", "lightgrey"));
    }

    [Fact]
    public void Tap_has_one_test_point_for_each_case_whatever_a_machine_says()
    {
        var lines = Text(TapReport.Write, OddRun).Split('\n');

        lines[1].Should().Be("1..2");
        lines.Where(line => line.StartsWith("ok", StringComparison.Ordinal)).Should().ContainSingle();
        lines.Where(line => line.StartsWith("not ok", StringComparison.Ordinal)).Should().ContainSingle();
        lines.Should().ContainSingle(line => line == "  ...");
        lines.SelectMany(line => line).Should().NotContain(c => char.IsControl(c));
    }

    [Fact]
    public void Tap_of_an_interrupted_run_promises_all_cases_and_bails_out()
    {
        var run = SampleRun.Record with { Interrupted = true, Header = SampleRun.Record.Header with { Cases = 20 } };
        Text(TapReport.Write, run).Should().Contain("\n1..20\n").And.Contain("\nBail out!");
    }

    [Fact]
    public void An_expectation_that_no_case_matches_is_red_in_every_report()
    {
        var run = Only(CaseOutcome.Passed) with { StaleExpectations = ["gone.*"] };

        Text(TapReport.Write, run).Should().Contain("\n1..5\n").And.Contain("\nnot ok 5 - stale expectation: gone.*\n");
        Text(AnnotationReport.Write, run)
            .Should()
            .StartWith("::error ")
            .And.Contain("gone.*")
            .And.Contain("::warning ");
        Text(Markdown, run).Should().Contain("| ❌ |").And.Contain("No case matches the expectation gone.\\*");
        Badge(run).Should().Be(("stale expectations, 4 passed", "red"));
    }

    [Fact]
    public void Annotations_are_one_command_a_line_whatever_a_machine_says() =>
        Text(AnnotationReport.Write, OddRun)
            .TrimEnd('\n')
            .Split('\n')
            .Should()
            .HaveCount(2)
            .And.OnlyContain(line => line.StartsWith("::", StringComparison.Ordinal))
            .And.NotContain(line => line.Contains('\r') || line.Contains('\0') || line.Contains('\u001b'));

    [Fact]
    public void A_machine_cannot_leave_its_block_of_markdown()
    {
        var text = Text(Markdown, OddRun);
        text.Should().Contain("\n````text\n").And.Contain("\n````\n\n</details>");
        text.Split('\n')
            .Where(line => line.StartsWith("| 1 | not applicable |", StringComparison.Ordinal))
            .Should()
            .ContainSingle(line => line.Contains(@"\<!-- \`\`\`") && line.Contains(@"\| \#"));
    }

    [Fact]
    public void Markdown_shows_several_machines_side_by_side()
    {
        var other = SampleRun.Record with
        {
            Header = SampleRun.Record.Header with { Vm = new VmRecord("other", "9", null, 1) },
        };
        Text((_, writer) => MarkdownReport.Write([SampleRun.Record, other], writer), other)
            .Should()
            .Contain("| ❌ | sample 1.2, as Linux 6.18.44 | 11 | 4 | 1 | 1 | 1 | 1 | 1 | 1 | 1 |\n| ❌ | other 9 | 11 |")
            .And.Contain("## Broken rules on other 9");
    }

    private static void Markdown(RunRecord run, TextWriter writer) => MarkdownReport.Write([run], writer);

    private static RunRecord Only(CaseOutcome outcome) =>
        SampleRun.Record with
        {
            Results = [.. SampleRun.Record.Results.Where(result => result.Outcome == outcome)],
        };

    private static (string?, string?) Badge(RunRecord run)
    {
        using var badge = JsonDocument.Parse(Text(BadgeReport.Write, run));
        return (
            badge.RootElement.GetProperty("message").GetString(),
            badge.RootElement.GetProperty("color").GetString()
        );
    }

    private static string Text(Action<RunRecord, TextWriter> write, RunRecord run)
    {
        var text = new StringWriter();
        write(run, text);
        return text.ToString();
    }
}
