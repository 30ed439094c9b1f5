using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;
using Conformance.Tests.Harness.Vectors;

namespace Conformance.Tests.Harness.Running;

public class RunnerTests
{
    private const string World = """
        "for_each": { "attach_type": ["cgroup_sysctl"] }, "cgroups": { "a": null },
        "maps": { "s": { "type": "percpu_cgroup_storage", "key_size": 8, "value_size": 8 } },
        "programs": { "p": { "source": ["r0 = 1", "exit"] } }
        """;

    private const string FireOnce = """{ "op": "fire", "cgroup": "a" }""";

    [Fact]
    public void A_case_resets_the_machine_makes_its_world_and_does_its_steps()
    {
        var machine = new ScriptedMachine();

        var result = Run(machine, FireOnce);

        result.Outcome.Should().Be(CaseOutcome.Passed);
        result.Message.Should().BeNull();
        machine.Resets.Should().Be(1);
        machine
            .Asked.Select(operation => operation.GetType().Name)
            .Should()
            .Equal(nameof(CgroupCreate), nameof(MapCreate), nameof(ProgLoad), nameof(Fire));
        result.Steps.Should().HaveCount(4).And.OnlyContain(step => step.Attempts == 1 && step.Violation == null);
    }

    [Fact]
    public void A_case_ends_at_its_first_violation()
    {
        var machine = new ScriptedMachine(operation => operation is Fire ? Answer.Fail(Errno.EPERM) : Answer.Ok);

        var result = Run(machine, $"{FireOnce}, {FireOnce}");

        result.Outcome.Should().Be(CaseOutcome.Failed);
        machine.Asked.OfType<Fire>().Should().ContainSingle();
        result.Failure!.Rule.Id.Should().Be("area.first");
        result.Failure.StepIndex.Should().Be(0);
        result.Failure.Pointer.Should().Be("/steps/0");
        result.Failure.StepText.Should().Be("fire cgroup_sysctl in a");
        result.Message.Should().Be("step 0 (fire cgroup_sysctl in a): expected the event to be completed, got EPERM");
        result.Steps[^1].Violation.Should().NotBeNull();
    }

    [Fact]
    public void What_cannot_be_made_before_the_first_step_is_a_failure()
    {
        var refused = new Answer(AnswerKind.Refused) { Errno = Errno.EINVAL, Message = "why not" };
        var result = Run(new ScriptedMachine(operation => operation is ProgLoad ? refused : Answer.Ok), FireOnce);

        result.Outcome.Should().Be(CaseOutcome.Failed);
        result.Failure!.StepIndex.Should().Be(-1);
        result.Failure.Pointer.Should().Be("/programs/p");
        result.Failure.Log.Should().Be("why not");
        result.Message.Should().StartWith("set-up (prog_load p (cgroup_sysctl, cgroup_sysctl)): expected success");
    }

    [Theory]
    [InlineData(AnswerKind.Trapped, "the run was stopped: boom")]
    [InlineData(AnswerKind.Exhausted, "the run used up its budget: boom")]
    public void A_run_that_ends_unexpectedly_is_a_failure_that_says_how(AnswerKind kind, string actual)
    {
        var result = Run(
            new ScriptedMachine(operation => operation is Fire ? new Answer(kind) { Message = "boom" } : Answer.Ok),
            FireOnce
        );

        result.Outcome.Should().Be(CaseOutcome.Failed);
        result.Failure!.Actual.Should().Be(actual);
    }

    [Fact]
    public void A_broken_answer_makes_the_case_errored()
    {
        var result = Run(
            new ScriptedMachine(operation =>
                operation is Fire ? new Answer(AnswerKind.Broken) { Message = "gone" } : Answer.Ok
            ),
            FireOnce
        );

        result.Outcome.Should().Be(CaseOutcome.Errored);
        result.Reason.Should().Be("gone");
        result.Failure.Should().BeNull();
        result.Steps.Should().HaveCount(4);
    }

    [Fact]
    public void An_exception_of_the_machine_makes_the_case_errored()
    {
        var result = Run(new ScriptedMachine(_ => throw new InvalidOperationException("no such pipe")), FireOnce);

        result.Outcome.Should().Be(CaseOutcome.Errored);
        result.Reason.Should().Be("InvalidOperationException: no such pipe");
    }

    [Fact]
    public void An_unsupported_operation_makes_the_case_not_applicable()
    {
        var unsupported = new Answer(AnswerKind.Unsupported) { Message = "no sysctls here" };
        var result = Run(new ScriptedMachine(operation => operation is Fire ? unsupported : Answer.Ok), FireOnce);

        result.Outcome.Should().Be(CaseOutcome.NotApplicable);
        result.Reason.Should().Be("no sysctls here");
    }

    [Fact]
    public void An_unsupported_operation_of_which_nothing_is_judged_does_no_harm()
    {
        var machine = new ScriptedMachine(
            operation => operation is ProgQuery ? new Answer(AnswerKind.Unsupported) : Answer.Ok,
            kernel: null
        );

        var result = Run(
            machine,
            """{ "op": "prog_query", "cgroup": "a", "expect": { "rule": "area.linux" } }""" + $", {FireOnce}",
            "\"area.first\", \"area.linux\""
        );

        result.Outcome.Should().Be(CaseOutcome.Passed);
        machine.Asked.OfType<Fire>().Should().ContainSingle();
    }

    [Theory]
    [InlineData(true, CaseOutcome.NotApplicable)]
    [InlineData(false, CaseOutcome.Passed)]
    public void Where_what_later_steps_need_could_not_be_made_the_case_does_not_apply(bool goesOn, CaseOutcome outcome)
    {
        var none = new Answer(AnswerKind.Unsupported) { Message = "no links here" };
        var machine = new ScriptedMachine(operation => operation is LinkCreate ? none : Answer.Ok, kernel: null);
        const string Make = """
            { "op": "link_create", "link": "l", "program": "p", "cgroup": "a", "expect": { "rule": "area.linux" } }
            """;
        string[] steps = goesOn ? [FireOnce, Make, FireOnce] : [FireOnce, Make];

        var set = VectorFolder.Sound(
            $"{World}, \"steps\": [{string.Join(", ", steps)}]",
            "\"area.first\", \"area.linux\""
        );
        var result = new Runner(set.Rules, TestClock.Options()).Run(machine, set.Cases.Single());

        result.Outcome.Should().Be(outcome);
        result.Reason.Should().Be(goesOn ? "no links here" : null);
    }

    [Fact]
    public void A_case_of_linux_rules_does_not_apply_to_a_machine_that_claims_core_rules_only()
    {
        var machine = new ScriptedMachine(_ => Answer.Ok, kernel: null);

        var result = Run(machine, FireOnce, "\"area.linux\"");

        result.Outcome.Should().Be(CaseOutcome.NotApplicable);
        result.Reason.Should().Contain("level linux");
        machine.Asked.Should().BeEmpty();
    }

    [Fact]
    public void A_step_without_expectations_judges_a_rule_that_binds_the_machine()
    {
        var machine = new ScriptedMachine(
            operation => operation is Fire ? Answer.Fail(Errno.EPERM) : Answer.Ok,
            kernel: null
        );

        var result = Run(
            machine,
            FireOnce + """, { "op": "fire", "cgroup": "a", "expect": { "rule": "area.first" } }""",
            "\"area.linux\", \"area.first\""
        );

        result.Failure!.Rule.Id.Should().Be("area.first");
    }

    [Fact]
    public void A_case_that_speaks_of_a_CPU_does_not_apply_to_a_machine_without_it()
    {
        var machine = new ScriptedMachine(_ => Answer.Ok, cpus: 2);

        Run(machine, """{ "op": "fire", "cgroup": "a", "cpu": 1 }""").Outcome.Should().Be(CaseOutcome.Passed);
        var result = Run(machine, """{ "op": "fire", "cgroup": "a", "cpu": 2 }""");

        result.Outcome.Should().Be(CaseOutcome.NotApplicable);
        result.Reason.Should().Be("the case needs 3 CPUs and scripted has 2");
    }

    [Fact]
    public void Values_are_sent_as_long_as_the_machine_has_CPUs()
    {
        var machine = new ScriptedMachine(_ => Answer.Ok, cpus: 3);

        Run(
            machine,
            """{ "op": "map_update_elem", "map": "s", "key": { "cgroup": "a" }, "value": [{ "offset": 0, "u8": 1 }] }"""
        );

        machine.Asked.OfType<MapUpdateElem>().Single().Value.Should().HaveCount(3 * 8);
    }

    [Fact]
    public void Numbers_bound_in_one_step_are_known_in_the_next()
    {
        var values = new Queue<byte>([5, 5, 6]);
        var machine = new ScriptedMachine(operation =>
            operation is MapLookupElem ? Answer.Ok with { Value = [values.Dequeue()] } : Answer.Ok
        );
        const string Lookup =
            """{ "op": "map_lookup_elem", "map": "s", "key": { "cgroup": "a" }, "expect": { "value": [{ "offset": 0, "u8": """;

        var result = Run(
            machine,
            Lookup + """{ "bind": "x" } }] } }, """ + Lookup + "\"@x\" }] } }, " + Lookup + "\"@x\" }] } }"
        );

        result.Failure!.StepIndex.Should().Be(2);
        result.Failure.Expected.Should().Be("u8 at 0 = @x (5)");
        result.Failure.Actual.Should().Be("6");
    }

    [Fact]
    public void A_forbidden_program_that_can_be_loaded_is_run_in_a_cgroup_of_its_own()
    {
        const string Load = """{ "op": "prog_load", "program": "p", "expect": { "forbidden": true } }""";
        var traps = new ScriptedMachine(operation => operation is Fire ? new Answer(AnswerKind.Trapped) : Answer.Ok);
        var runs = new ScriptedMachine(operation =>
            operation is Fire ? Answer.Ok with { Outcome = EventOutcome.Completed } : Answer.Ok
        );
        var refuses = new ScriptedMachine(operation => operation is ProgLoad ? Answer.Fail(Errno.EINVAL) : Answer.Ok);

        Run(traps, Load).Outcome.Should().Be(CaseOutcome.Passed);
        traps
            .Asked.Skip(3)
            .Should()
            .Equal(
                new CgroupCreate("forbidden:p"),
                new ProgAttach("p", "forbidden:p", AttachType.CgroupSysctl),
                new Fire(AttachType.CgroupSysctl, "forbidden:p")
            );

        var failed = Run(runs, Load);
        failed.Outcome.Should().Be(CaseOutcome.Failed);
        failed.Failure!.Actual.Should().Be("the program was loaded, and its run was: completed");
        failed.Steps[^1].Observations.Should().HaveCount(4);

        Run(refuses, Load).Outcome.Should().Be(CaseOutcome.Passed);
        refuses.Asked.Should().NotContain(operation => operation is Fire);
    }

    [Fact]
    public void A_step_marked_eventually_is_tried_until_it_holds()
    {
        var answers = new Queue<Answer>([Answer.Fail(Errno.EBUSY), Answer.Fail(Errno.EBUSY), Answer.Ok]);
        var machine = new ScriptedMachine(operation => operation is CgroupRemove ? answers.Dequeue() : Answer.Ok);

        var result = Run(machine, """{ "op": "cgroup_remove", "cgroup": "a", "eventually": true }""");

        result.Outcome.Should().Be(CaseOutcome.Passed);
        result.Steps[^1].Attempts.Should().Be(3);
    }

    [Fact]
    public void A_step_marked_eventually_fails_when_its_time_is_up()
    {
        var machine = new ScriptedMachine(operation =>
            operation is CgroupRemove ? Answer.Fail(Errno.EBUSY) : Answer.Ok
        );

        var result = Run(machine, """{ "op": "cgroup_remove", "cgroup": "a", "eventually": true }""");

        result.Outcome.Should().Be(CaseOutcome.Failed);
        result.Failure!.Actual.Should().Be("EBUSY");
        // One try at the start, and one after each pause of the two seconds.
        result
            .Steps[^1]
            .Attempts.Should()
            .Be(1 + (int)(TestClock.Options().EventuallyLimit / TestClock.Options().EventuallyPause));
        result.Duration.Should().Be(TestClock.Options().EventuallyLimit);
        result.Waited.Should().Be(result.Duration, "nothing else took any time");
    }

    [Fact]
    public void Answers_of_tracks_are_looked_through_for_what_keeps_them_from_being_judged()
    {
        const string Step =
            """{ "op": "parallel", "tracks": [{ "name": "x", "steps": [{ "op": "fire", "cgroup": "a" }] }] }""";

        With(AnswerKind.Ok).Outcome.Should().Be(CaseOutcome.Passed);
        With(AnswerKind.Failed).Outcome.Should().Be(CaseOutcome.Failed);
        With(AnswerKind.Trapped).Failure!.Pointer.Should().Be("/steps/0/tracks/0/steps/0");
        With(AnswerKind.Broken).Outcome.Should().Be(CaseOutcome.Errored);
        With(AnswerKind.Unsupported).Outcome.Should().Be(CaseOutcome.NotApplicable);
        Run(new ScriptedMachine(), Step).Reason.Should().StartWith("the answer to a parallel operation does not hold");

        CaseResult With(AnswerKind kind) =>
            Run(
                new ScriptedMachine(operation =>
                    operation is Conformance.Harness.Machines.Parallel
                        ? Answer.Ok with
                        {
                            Tracks =
                            [
                                [new Answer(kind)],
                            ],
                        }
                        : Answer.Ok
                ),
                Step
            );
    }

    private static CaseResult Run(ScriptedMachine machine, string steps, string rules = "\"area.first\"")
    {
        // Every rule but the first must be named somewhere; the last step names them after the steps of the test.
        var named = rules.Split(',').Skip(1).Select(rule => $$"""{ "rule": {{rule}} }""").ToArray();
        var last =
            named.Length == 0
                ? ""
                : $$""", { "op": "prog_close", "program": "p", "expect": [{{string.Join(", ", named)}}] }""";
        var set = VectorFolder.Sound($"{World}, \"steps\": [{steps}{last}]", rules);
        return new Runner(set.Rules, TestClock.Options()).Run(machine, set.Cases.Single());
    }
}
