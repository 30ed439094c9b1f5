using Conformance.Cli;
using Conformance.Harness.Machines;
using Conformance.Mutants;
using Conformance.Tests.Harness.Wire;

namespace Conformance.Tests.Cli;

public sealed class SmokeCommandTests : IDisposable
{
    private readonly AdapterBench _bench = new();

    [Fact]
    public void A_machine_that_does_everything_is_sent_to_the_suite()
    {
        var run = CommandRun.Of(() => new ReferenceVirtualMachine(), default, "smoke");

        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Out.Should().StartWith("ok    say who it is: reference ").And.EndWith("shows as not applicable.\n");
        run.Out.Should().NotContain("wrong").And.NotContain("none  ");
    }

    [Theory]
    [InlineData(typeof(CgroupCreate), "next: keep a tree of cgroups by name")]
    [InlineData(typeof(MapLookupElem), "next: answer the element's bytes as \"value\"")]
    [InlineData(typeof(ProgLoad), "next: decode \"instructions\"")]
    [InlineData(typeof(Fire), "next: run every effective program once for the event")]
    public void The_first_step_that_is_not_done_is_what_to_mend_next(Type operation, string next)
    {
        var run = CommandRun.Of(
            () =>
                new ScriptedMachine
                {
                    Instead = asked =>
                        asked.GetType() == operation ? new Answer(AnswerKind.Unsupported) { Message = "later" }
                        : asked is MapLookupElem ? Answer.Ok with { Value = [1, 2, 3, 4, 5, 6, 7, 8] }
                        : null,
                },
            default,
            "smoke"
        );

        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Split('\n')[^2].Should().StartWith(next).And.EndWith("not supported: later).");
    }

    [Fact]
    public void A_machine_that_accepts_any_flags_is_told_so()
    {
        var run = CommandRun.Of(Mutant.All.Single(mutant => mutant.Id == "accepts-flags").Create, default, "smoke");

        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should().Contain("wrong refuse a program whose flags are not zero");
    }

    [Fact]
    public void What_is_not_offered_beyond_the_first_steps_is_said_and_does_no_harm()
    {
        using var reference = new ReferenceVirtualMachine();
        var run = CommandRun.Of(() => new Partial(reference), default, "smoke");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Out);
        run.Out.Should().Contain("none  links: not supported: no links here");
    }

    [Fact]
    public void An_adapter_that_cannot_even_greet_is_told_why()
    {
        var command = string.Join(
            ' ',
            _bench.Faulty("hello", _bench.Mark(), "hello yourself").Select(OwnCommand.Quoted)
        );

        var run = CommandRun.Of("smoke", "--vm", command);

        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should().StartWith("next: the adapter did not answer hello as it should (no JSON");
    }

    public void Dispose() => _bench.Dispose();

    private sealed class Partial(IVirtualMachine whole) : IVirtualMachine
    {
        public MachineIdentity Identity => whole.Identity;

        public Answer Perform(Operation operation) =>
            operation is LinkCreate
                ? new Answer(AnswerKind.Unsupported) { Message = "no links here" }
                : whole.Perform(operation);

        public void Reset() => whole.Reset();

        public void Dispose() { }
    }
}
