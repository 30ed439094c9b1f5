using Conformance.Cli;
using Conformance.Cli.Output;
using Conformance.Harness.Machines;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;
using Conformance.Tests.Reporting;

namespace Conformance.Tests.Cli;

/// <summary>What a run prints when there is much to print, or nothing.</summary>
public sealed class LongOutputTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private static string Output(int failures, bool all)
    {
        var text = new StringWriter { NewLine = "\n" };
        CaseRecord[] results =
        [
            .. Enumerable.Range(0, failures).Select(i => SampleRun.Failed with { Id = $"case{i}" }),
            new CaseRecord
            {
                Id = "dead",
                Vector = "v",
                Rules = ["links.detach"],
                Outcome = CaseOutcome.Errored,
            },
        ];
        var run = SampleRun.Record with { Results = results };
        RunOutput.Write(run, SampleRun.Rules, rate: null, new Terminal(text, TextWriter.Null), all);
        return text.ToString();
    }

    private static int Blocks(string output) =>
        output.Split('\n').Count(line => line.Split(' ')[0] is "FAILED" or "ERRORED");

    [Fact]
    public void After_20_failures_only_their_numbers_follow()
    {
        var output = Output(failures: 24, all: false);
        Blocks(output).Should().Be(20);
        output
            .Should()
            .Contain(
                "\nand 5 more; --all-failures prints them\n\n"
                    + "failures  rule\n      24  pointer.stable-across-runs\n       1  (errored)\n\n"
            );
    }

    [Fact]
    public void All_failures_are_printed_when_asked_for()
    {
        var output = Output(failures: 24, all: true);
        Blocks(output).Should().Be(25);
        output.Should().NotContain("--all-failures");
    }

    [Fact]
    public void Few_failures_need_no_table() => Output(failures: 19, all: false).Should().NotContain("failures  rule");

    [Fact]
    public void The_option_is_there() =>
        CommandRun
            .Of("run", "--vectors", _vectors.Folder, "--all-failures")
            .Out.Should()
            .Contain("FAILED sample.written@");

    [Fact]
    public void What_does_not_apply_is_said_once_for_each_reason()
    {
        var run = CommandRun.Of(
            () =>
                new ScriptedMachine
                {
                    Instead = operation =>
                        operation is MapCreate map
                            ? new Answer(AnswerKind.Unsupported) { Message = $"no keys of {map.KeySize}" }
                            : null,
                },
            default,
            "run",
            "--vectors",
            _vectors.Folder
        );
        run.ExitCode.Should().Be(ExitCode.NothingRun);
        run.Out.Should()
            .Contain("not applicable: 3 cases: no keys of 8\nnot applicable: 2 cases: no keys of 16\n\nscripted");
    }
}
