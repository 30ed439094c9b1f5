using Conformance.Cli;
using Conformance.Harness.Machines;
using Conformance.Mutants;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Cli;

public sealed class FuzzCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fuzz").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Two_equal_machines_do_not_differ()
    {
        var run = Fuzz("--vm", "reference", "--against", "reference", "--count", "40");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Out);
        run.Out.Should()
            .Contain("sequences: 40, 0 different")
            .And.Contain(
                "programs: 40, 0 with a different result, 0 trapped after they were accepted, 0 broke a machine"
            );
    }

    [Fact]
    public void A_seed_reproduces_what_a_campaign_counts()
    {
        string[] options = ["--vm", "reference", "--against", "reference", "--kind", "programs", "--count", "60"];
        var one = Fuzz([.. options, "--seed", "7", "--jobs", "1"]);
        var two = Fuzz([.. options, "--seed", "7", "--jobs", "2"]);

        Counts(two.Out).Should().Be(Counts(one.Out)).And.Contain("run on both: ");

        static string Counts(string text) => text[text.IndexOf("programs: ", StringComparison.Ordinal)..];
    }

    [Theory]
    [InlineData("sequences", "forgets-zeroing")]
    [InlineData("programs", "accepts-flags")]
    [InlineData("programs", "allocates-per-run")]
    public void What_is_found_is_saved_as_a_file_that_shows_it_again(string kind, string mutant)
    {
        var save = Path.Combine(_directory, "found");

        var run = Fuzz(
            mutant,
            ["--vm", mutant, "--against", "reference", "--kind", kind, "--count", "120", "--jobs", "1", "--save", save]
        );

        run.ExitCode.Should().Be(ExitCode.Failures, run.Out);
        var files = Directory.GetFiles(save);
        files.Should().NotBeEmpty();
        run.Out.Should().Contain($"saved: {files[0]}").And.Contain("DIFFERENT");
        foreach (var file in files)
        {
            Fuzz("run", "--file", file).ExitCode.Should().Be(ExitCode.Ok, "the other machine was right");
        }

        files
            .Select(file => Machine(mutant, ["run", "--vm", mutant, "--file", file]).ExitCode)
            .Should()
            .Contain(ExitCode.Failures);
    }

    [Fact]
    public void The_reference_VM_alone_accepts_programs_and_none_of_them_traps()
    {
        var run = Fuzz("--kind", "soundness", "--count", "300");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Out);
        run.Out.Should()
            .Contain("programs: 300, 0 trapped after they were accepted, 0 broke the machine")
            .And.MatchRegex("runs: [1-9][0-9]{2}");
    }

    [Fact]
    public void A_machine_that_traps_over_what_it_accepted_is_found_out()
    {
        var save = Path.Combine(_directory, "unsound");
        var machines = new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal)
        {
            ["trapping"] = () =>
                new ScriptedMachine
                {
                    Instead = operation =>
                        operation switch
                        {
                            Fire => new Answer(AnswerKind.Trapped) { Message = "load of 8 bytes at 0x0" },
                            MapGetNextKey => Answer.Fail(Errno.ENOENT),
                            _ => null,
                        },
                },
            ["mended"] = () =>
                new ScriptedMachine
                {
                    Instead = operation => operation is ProgLoad ? new Answer(AnswerKind.Refused) : null,
                },
        };

        var run = CommandRun.Of(
            machines,
            default,
            ["fuzz", "--vm", "trapping", "--kind", "soundness", "--count", "2", "--save", save]
        );

        run.ExitCode.Should().Be(ExitCode.Failures, run.Out);
        run.Out.Should().Contain("accepted, and then trapped: load of 8 bytes at 0x0");
        run.Out.Should().Contain("programs: 2, 2 trapped after they were accepted, 0 broke the machine");
        var files = Directory.GetFiles(save);
        files.Should().HaveCount(2);
        foreach (var file in files)
        {
            var again = CommandRun.Of(machines, default, ["run", "--vm", "trapping", "--file", file]);
            again.ExitCode.Should().Be(ExitCode.Failures, "it still accepts the program");
            again.Out.Should().Contain("1 failed, 0 errored");
            CommandRun
                .Of(machines, default, ["run", "--vm", "mended", "--file", file])
                .ExitCode.Should()
                .Be(ExitCode.Ok);
        }
    }

    [Fact]
    public void A_machine_that_breaks_is_told_apart_from_a_different_result()
    {
        var machines = new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal)
        {
            [Machines.Default] = () => new ReferenceVirtualMachine(limits: new Limits { PossibleCpus = 4 }),
            ["breaking"] = () =>
                new ScriptedMachine
                {
                    Instead = operation =>
                        operation is ProgLoad ? new Answer(AnswerKind.Broken) { Message = "out of memory" } : null,
                },
        };

        var run = CommandRun.Of(
            machines,
            default,
            ["fuzz", "--vm", "reference", "--against", "breaking", "--kind", "programs", "--count", "3"]
        );

        run.ExitCode.Should().Be(ExitCode.Failures, run.Out);
        run.Out.Should().Contain("programs: 3, 0 with a different result, 0 trapped").And.Contain("3 broke a machine");
        run.Out.Should().Contain("3  broken: out of memory  (seeds 0, 1, 2)").And.NotContain("alone: ");
    }

    [Theory]
    [InlineData("--vm nobody", "there is no machine nobody")]
    [InlineData("--jobs 0", "--jobs 0: must be at least 1")]
    [InlineData("--count 0", "--count 0: must be at least 1")]
    [InlineData("--time soon", "--time soon: must be a time such as 90s, 10m or 2h")]
    [InlineData("--seed x", "--seed x: must be a whole number")]
    [InlineData("--kind all", "all")]
    public void Wrong_options_are_said_in_one_line(string options, string complaint)
    {
        var run = Fuzz(["--against", "reference", .. options.Split(' ')]);

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain(complaint);
        run.Out.Should().BeEmpty();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_before_anything_runs()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");

        var run = Fuzz("--against", "reference", "--count", "1", "--save", file);

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain($"--save {file}: ");
        run.Out.Should().BeEmpty();
    }

    [Fact]
    public void An_interrupted_campaign_still_reports()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        var run = CommandRun.Of(Known(null), cancelled.Token, ["fuzz", "--against", "reference", "--count", "1000000"]);

        run.ExitCode.Should().Be(ExitCode.Interrupted);
    }

    private static CommandRun Fuzz(params string[] args) =>
        CommandRun.Of(Known(null), default, args is ["run", ..] ? args : ["fuzz", .. args]);

    private static CommandRun Fuzz(string mutant, string[] args) =>
        CommandRun.Of(Known(mutant), default, ["fuzz", .. args]);

    private static CommandRun Machine(string mutant, string[] args) => CommandRun.Of(Known(mutant), default, args);

    private static Dictionary<string, Func<IVirtualMachine>> Known(string? mutant)
    {
        var machines = new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal)
        {
            [Machines.Default] = () => new ReferenceVirtualMachine(),
        };
        if (mutant is not null)
        {
            machines[mutant] = Mutant.All.Single(known => known.Id == mutant).Create;
        }

        return machines;
    }
}
