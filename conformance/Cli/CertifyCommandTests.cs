using Conformance.Cli;
using Conformance.Harness.Certification;
using Conformance.Harness.Machines;

namespace Conformance.Tests.Cli;

public sealed class CertifyCommandTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private string RecordPath => _vectors.PathOf(CertificationRecord.FileName);

    private string[] Args(params string[] args) =>
        ["certify", "--vm", Machines.Default, "--jobs", "1", "--vectors", _vectors.Folder, .. args];

    private CommandRun Certify(byte stored = 7, string? kernel = "6.18.44", Func<Operation, Answer?>? instead = null) =>
        CommandRun.Of(() => Kernel(stored, kernel, instead), default, Args());

    // What it stores decides: zeroed holds with 0, written with 7.
    private static ScriptedMachine Kernel(byte stored, string? kernel, Func<Operation, Answer?>? instead = null) =>
        new(stored)
        {
            Instead = instead ?? (_ => null),
            Kernel = kernel,
            LiveArchitecture = "x86_64",
        };

    private Certificate[] Certificates() => [.. CertificationRecord.Load(_vectors.Folder).Record!.Certificates];

    [Fact]
    public void Cases_that_held_are_recorded_and_those_that_failed_are_named()
    {
        var run = Certify();

        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should().Contain("FAILED sample.zeroed@cgroup_sysctl.key8").And.Contain("1 certificates added");
        var certificate = Certificates().Should().ContainSingle().Subject;
        certificate.On.ToString().Should().Be("6.18.44 x86_64");
        certificate.Suite.Should().Be(SuiteVersion.Text);
        certificate.Cases.Keys.Should().Equal("sample.written@cgroup_device");
    }

    [Fact]
    public void A_run_in_which_all_selected_cases_held_ends_with_0() =>
        CommandRun
            .Of(() => Kernel(7, "6.18.44"), default, Args("--filter", "sample.written"))
            .ExitCode.Should()
            .Be(ExitCode.Ok);

    [Fact]
    public void Certifying_again_changes_nothing()
    {
        Certify();
        var (text, time) = (File.ReadAllText(RecordPath), File.GetLastWriteTimeUtc(RecordPath));

        Certify().Out.Should().Contain("nothing to change");
        File.ReadAllText(RecordPath).Should().Be(text);
        File.GetLastWriteTimeUtc(RecordPath).Should().Be(time);
    }

    [Fact]
    public void A_second_kernel_is_added()
    {
        Certify();
        Certify(kernel: "5.10.3");

        Certificates()
            .Select(certificate => certificate.On.ToString())
            .Should()
            .Equal("5.10.3 x86_64", "6.18.44 x86_64");
    }

    [Fact]
    public void A_failure_takes_back_what_the_same_kernel_certified()
    {
        Certify(stored: 0);
        Certificates().Single().Cases.Should().HaveCount(4);

        Certify(stored: 7);
        Certificates().Single().Cases.Keys.Should().Equal("sample.written@cgroup_device");
    }

    [Fact]
    public void A_machine_that_models_a_kernel_is_refused()
    {
        var run = CommandRun.Of(() => new ScriptedMachine(7), default, Args());

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("only a running kernel certifies");
        File.Exists(RecordPath).Should().BeFalse();
    }

    [Fact]
    public void The_reference_machine_is_no_running_kernel()
    {
        using var reference = new ReferenceVirtualMachine();

        reference.Identity.LiveArchitecture.Should().BeNull();
    }

    [Fact]
    public void A_kernel_that_cannot_be_used_ends_with_3() =>
        CommandRun
            .Of(() => throw new MachineUnavailableException("needs root"), default, Args())
            .ExitCode.Should()
            .Be(ExitCode.NothingRun);

    [Fact]
    public void A_run_without_a_verdict_is_not_green_and_writes_nothing()
    {
        var run = Certify(instead: _ => new Answer(AnswerKind.Unsupported) { Message = "no maps" });

        run.ExitCode.Should().Be(ExitCode.NothingRun);
        File.Exists(RecordPath).Should().BeFalse();
    }

    [Fact]
    public void An_interrupted_run_leaves_the_record_as_it_was()
    {
        Certify(stored: 0);
        var text = File.ReadAllText(RecordPath);
        using var interruption = new CancellationTokenSource();
        Answer? Interrupt(Operation operation)
        {
            interruption.Cancel();
            return null;
        }

        var run = CommandRun.Of(() => Kernel(7, "6.18.44", Interrupt), interruption.Token, Args());

        run.ExitCode.Should().Be(ExitCode.Interrupted);
        run.Out.Should().Contain("interrupted after");
        File.ReadAllText(RecordPath).Should().Be(text);
        Directory.EnumerateFiles(_vectors.Folder, ".*").Should().BeEmpty("nothing half-written stays");
    }

    [Fact]
    public void A_broken_record_is_said_before_anything_runs()
    {
        _vectors.Write(CertificationRecord.FileName, "{ \"certified\": 1 }");
        var run = CommandRun.Of(() => throw new NotSupportedException("was run"), default, Args());

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("certified.json:1 /certified: expected a list, found a number");
    }

    [Fact]
    public void Pruning_needs_no_machine_and_drops_what_has_changed()
    {
        Certify(stored: 0);
        _vectors.Change("sample/zeroed.json", "\"times\": 2", "\"times\": 3");
        var run = CommandRun.Of(() => throw new NotSupportedException("was run"), default, Args("--prune"));

        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Out.Should().Contain("0 certificates added, 4 dropped");
        Certificates().Should().BeEmpty();
    }

    [Fact]
    public void Pruning_takes_no_selection() =>
        CommandRun.Of(Args("--prune", "--filter", "sample.zeroed")).ExitCode.Should().Be(ExitCode.BrokenInput);

    [Fact]
    public Task Explain_says_where_a_case_is_certified()
    {
        Certify();
        return Snapshot.Verify(Explain("sample.written@cgroup_device"));
    }

    [Fact]
    public void Explain_says_why_a_case_is_certified_nowhere()
    {
        _vectors.Write(
            CertificationRecord.FileName,
            """
            { "certified": [], "uncertified": [{ "id": "sample.written", "kind": "unsafe", "reason": "It harms." }] }
            """
        );

        Explain("sample.written").Should().Contain("certified nowhere: It harms.\n");
        Explain("sample.zeroed").Should().Contain("certified nowhere: no reason is written\n");
    }

    private string Explain(string id)
    {
        var run = CommandRun.Of("explain", id, "--vectors", _vectors.Folder);
        run.ExitCode.Should().Be(ExitCode.Ok);
        return run.Out;
    }
}
