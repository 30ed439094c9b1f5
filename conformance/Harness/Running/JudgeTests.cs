using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;
using Conformance.Tests.Harness.Vectors;

namespace Conformance.Tests.Harness.Running;

/// <summary>Every kind of expectation, held by one answer and broken by others.</summary>
public class JudgeTests
{
    private static readonly Answer Completed = Answer.Ok with { Outcome = EventOutcome.Completed };
    private static readonly Answer Denied = Answer.Ok with { Outcome = EventOutcome.Denied, Errno = Errno.EPERM };
    private static readonly Answer Dropped = Answer.Ok with { Outcome = EventOutcome.Dropped };
    private static readonly Answer Refused = new(AnswerKind.Refused)
    {
        Errno = Errno.EACCES,
        Message = "R1 bad\nprocessed 3 insns",
    };
    private static readonly Answer Trapped = new(AnswerKind.Trapped) { Message = "load outside" };
    private static readonly Answer Exhausted = new(AnswerKind.Exhausted);
    private static readonly Answer Invalid = Answer.Fail(Errno.EINVAL);

    public static TheoryData<string, string, string, string> Broken
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var row in Rows.Where(row => row.Actual is not null))
                data.Add(row.Step, row.Name, row.Expected!, row.Actual!);
            return data;
        }
    }

    public static TheoryData<string, string> Held
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var row in Rows.Where(row => row.Actual is null))
                data.Add(row.Step, row.Name);
            return data;
        }
    }

    private sealed record Row(string Step, string Name, Answer Answer, string? Expected = null, string? Actual = null);

    private const string Remove = """{ "op": "cgroup_remove", "cgroup": "a" """;
    private const string Fire = """{ "op": "fire", "cgroup": "a" """;
    private const string Load = """{ "op": "prog_load", "program": "p" """;
    private const string Lookup = """{ "op": "map_lookup_elem", "map": "s", "key": { "cgroup": "a" }""";
    private const string LookupPerCpu = """{ "op": "map_lookup_elem", "map": "c", "key": { "cgroup": "a" }""";
    private const string Next = """{ "op": "map_get_next_key", "map": "s" """;
    private const string NextShort = """{ "op": "map_get_next_key", "map": "c" """;
    private const string Query = """{ "op": "prog_query", "cgroup": "a" """;
    private const string TestRun = """{ "op": "prog_test_run", "program": "p", "data": "00" """;

    private static readonly Row[] Rows =
    [
        // No expectation: success, and a completed event.
        new(Remove, "ok", Answer.Ok),
        new(Remove, "errno", Invalid, "success", "EINVAL"),
        new(Remove, "trapped", Trapped, "success", "the run was stopped: load outside"),
        new(Fire, "completed", Completed),
        new(Fire, "ok", Answer.Ok),
        new(Fire, "denied", Denied, "the event to be completed", "denied with EPERM"),
        new(Fire, "dropped", Dropped, "the event to be completed", "dropped"),
        new(Fire, "trapped", Trapped, "the event to be completed", "the run was stopped: load outside"),
        new(Fire, "exhausted", Exhausted, "the event to be completed", "the run used up its budget"),
        new(Load, "refused", Refused, "success", "refused at load with EACCES: R1 bad"),
        // errno
        new(Remove + """, "expect": { "errno": "EINVAL" }""", "errno", Invalid),
        new(
            Remove + """, "expect": { "errno": "EINVAL" }""",
            "other errno",
            Answer.Fail(Errno.EBUSY),
            "EINVAL",
            "EBUSY"
        ),
        new(Remove + """, "expect": { "errno": "EINVAL" }""", "ok", Answer.Ok, "EINVAL", "success"),
        new(Fire + """, "expect": { "errno": "EPERM" }""", "denied", Denied),
        new(Fire + """, "expect": { "errno": "EPERM" }""", "failed", Answer.Fail(Errno.EPERM)),
        new(Fire + """, "expect": { "errno": "EPERM" }""", "completed", Completed, "EPERM", "completed"),
        new(
            Fire + """, "expect": { "errno": "EPERM" }""",
            "trapped",
            Trapped with
            {
                Errno = Errno.EPERM,
            },
            "EPERM",
            "the run was stopped: load outside"
        ),
        new(Load + """, "expect": { "errno": "EACCES" }""", "refused", Refused),
        // outcome
        new(Fire + """, "expect": { "outcome": "completed" }""", "completed", Completed),
        new(Fire + """, "expect": { "outcome": "denied" }""", "denied", Denied),
        new(Fire + """, "expect": { "outcome": "denied" }""", "dropped", Dropped, "the event to be denied", "dropped"),
        new(Fire + """, "expect": { "outcome": "denied", "errno": "EPERM" }""", "denied", Denied),
        new(
            Fire + """, "expect": { "outcome": "denied", "errno": "EPERM" }""",
            "failed",
            Answer.Fail(Errno.EPERM),
            "denied with EPERM",
            "EPERM"
        ),
        new(
            Fire + """, "expect": { "outcome": "denied", "errno": "EPERM" }""",
            "other errno",
            Denied with
            {
                Errno = Errno.EINVAL,
            },
            "denied with EPERM",
            "denied with EINVAL"
        ),
        new(Fire + """, "expect": { "outcome": "dropped" }""", "dropped", Dropped),
        new(
            Fire + """, "expect": { "outcome": "dropped" }""",
            "completed",
            Completed,
            "the event to be dropped",
            "completed"
        ),
        new(Fire + """, "expect": { "outcome": "dropped" }""", "failed", Invalid, "the event to be dropped", "EINVAL"),
        // refused
        new(Load + """, "expect": { "refused": {} }""", "refused", Refused),
        new(Load + """, "expect": { "refused": {} }""", "failed", Invalid),
        new(Load + """, "expect": { "refused": {} }""", "ok", Answer.Ok, "refused at load", "success"),
        new(Load + """, "expect": { "refused": { "errno": "EACCES", "message": "R1 bad" } }""", "refused", Refused),
        new(
            Load + """, "expect": { "refused": { "errno": "EINVAL" } }""",
            "other errno",
            Refused,
            "refused at load with EINVAL",
            "refused at load with EACCES: R1 bad"
        ),
        new(
            Load + """, "expect": { "refused": { "message": "r1 bad" } }""",
            "other message",
            Refused,
            "refused at load saying \"r1 bad\"",
            "refused at load with EACCES: R1 bad"
        ),
        new(
            Load + """, "expect": { "refused": { "message": "x" } }""",
            "no message",
            Invalid,
            "refused at load saying \"x\"",
            "EINVAL"
        ),
        // forbidden (the run of a program that was loaded: below)
        new(Load + """, "expect": { "forbidden": true }""", "refused", Refused),
        new(Load + """, "expect": { "forbidden": true }""", "failed", Invalid),
        new(
            Load + """, "expect": { "forbidden": true }""",
            "ok",
            Answer.Ok,
            "refused at load or stopped at run time",
            "success"
        ),
        // trapped, exhausted
        new(Fire + """, "expect": { "trapped": true }""", "trapped", Trapped),
        new(
            Fire + """, "expect": { "trapped": true }""",
            "exhausted",
            Exhausted,
            "the run to be stopped",
            "the run used up its budget"
        ),
        new(Fire + """, "expect": { "trapped": true }""", "completed", Completed, "the run to be stopped", "completed"),
        new(TestRun + """, "expect": { "exhausted": true }""", "exhausted", Exhausted),
        new(
            TestRun + """, "expect": { "exhausted": true }""",
            "trapped",
            Trapped,
            "the run to use up its budget",
            "the run was stopped: load outside"
        ),
        // value
        new(
            Lookup + """, "expect": { "value": [{ "offset": 4, "u32": 258 }] }""",
            "equal",
            Value("00000000" + "02010000")
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 4, "u32": 258 }] }""",
            "different",
            Value("00000000" + "02010001"),
            "u32 at 4 = 258",
            "0x1000102"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 4, "u32": 258 }] }""",
            "too short",
            Value("0000000002"),
            "u32 at 4",
            "a value of 5 bytes"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 4, "u32": 258 }] }""",
            "none",
            Answer.Ok,
            "a value",
            "none"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 4, "u32": 258 }] }""",
            "errno",
            Answer.Fail(Errno.ENOENT),
            "success",
            "ENOENT"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 6, "hex": "0a0b" }] }""",
            "equal bytes",
            Value("000000000000" + "0a0b")
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 6, "hex": "0a0b" }] }""",
            "different bytes",
            Value("000000000000" + "0b0a"),
            "2 bytes at 6 0a0b",
            "0b0a"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 0, "u64": { "not": [0, "0x10"] } }] }""",
            "other",
            Value("1100000000000000")
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 0, "u64": { "not": [0, "0x10"] } }] }""",
            "one of those",
            Value("1000000000000000"),
            "u64 at 0 other than 0, 16",
            "16"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 0, "u8": { "min": 2, "max": 3 } }] }""",
            "within",
            Value("03")
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 0, "u8": { "min": 2, "max": 3 } }] }""",
            "below",
            Value("01"),
            "u8 at 0 >= 2 and <= 3",
            "1"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 0, "u8": { "min": 2, "max": 3 } }] }""",
            "above",
            Value("ff"),
            "u8 at 0 >= 2 and <= 3",
            "255"
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 0, "u16": { "aligned": 8 } }] }""",
            "aligned",
            Value("1000")
        ),
        new(
            Lookup + """, "expect": { "value": [{ "offset": 0, "u16": { "aligned": 8 } }] }""",
            "not aligned",
            Value("1400"),
            "u16 at 0 a multiple of 8",
            "20"
        ),
        new(
            LookupPerCpu + """, "expect": { "value": [{ "offset": 1, "cpu": 1, "u8": 7 }] }""",
            "that CPU",
            Value("0000000000000000" + "0007")
        ),
        new(
            LookupPerCpu + """, "expect": { "value": [{ "offset": 1, "cpu": 1, "u8": 7 }] }""",
            "another CPU",
            Value("0007000000000000" + "0000"),
            "u8 at 1 of CPU 1 = 7",
            "0"
        ),
        // size
        new(Lookup + """, "expect": { "size": 8 }""", "size", Value("0000000000000000")),
        new(Lookup + """, "expect": { "size": 8 }""", "other size", Value("0000"), "8 bytes", "2 bytes"),
        new(LookupPerCpu + """, "expect": { "size": 8 }""", "an area for each CPU", Value(new string('0', 32))),
        new(
            LookupPerCpu + """, "expect": { "size": 8 }""",
            "one area",
            Value(new string('0', 16)),
            "16 bytes",
            "8 bytes"
        ),
        // key
        new(
            Next + """, "expect": { "key": { "cgroup": "a" } }""",
            "key",
            Key(new StorageKey("a", AttachType.CgroupSysctl, 9))
        ),
        new(
            Next + """, "expect": { "key": { "cgroup": "a" } }""",
            "other attach type",
            Key(new StorageKey("a", AttachType.CgroupDevice)),
            "the key [a, cgroup_sysctl]",
            "[a, cgroup_device]"
        ),
        new(
            Next + """, "expect": { "key": { "cgroup": "a" } }""",
            "other cgroup",
            Key(new StorageKey("b", AttachType.CgroupSysctl)),
            "the key [a, cgroup_sysctl]",
            "[b, cgroup_sysctl]"
        ),
        new(
            Next + """, "expect": { "key": { "cgroup": "a" } }""",
            "none",
            Answer.Ok,
            "the key [a, cgroup_sysctl]",
            "no key"
        ),
        new(
            Next + """, "expect": { "key": { "cgroup": "a", "padding": 0 } }""",
            "padding",
            Key(new StorageKey("a", AttachType.CgroupSysctl))
        ),
        new(
            Next + """, "expect": { "key": { "cgroup": "a", "padding": 0 } }""",
            "other padding",
            Key(new StorageKey("a", AttachType.CgroupSysctl, 9)),
            "the key [a, cgroup_sysctl]",
            "[a, cgroup_sysctl, padding 0x9]"
        ),
        new(NextShort + """, "expect": { "key": { "cgroup": "a" } }""", "no attach type", Key(new StorageKey("a"))),
        new(
            NextShort + """, "expect": { "key": { "cgroup": "a" } }""",
            "any attach type",
            Key(new StorageKey("a", AttachType.CgroupDevice))
        ),
        new(
            NextShort + """, "expect": { "key": { "cgroup": "a" } }""",
            "bytes",
            Key(new RawKey([1, 2])),
            "the key [a]",
            "[0102]"
        ),
        // return_value
        new(TestRun + """, "expect": { "return_value": 1 }""", "r0", Answer.Ok with { ReturnValue = 1 }),
        new(
            TestRun + """, "expect": { "return_value": 1 }""",
            "other r0",
            Answer.Ok with
            {
                ReturnValue = 2,
            },
            "R0 = 1",
            "2"
        ),
        new(TestRun + """, "expect": { "return_value": 1 }""", "none", Answer.Ok, "a return value", "none"),
        // programs, attach_flags
        new(Query + """, "expect": { "programs": ["p", "q"] }""", "in order", Answer.Ok with { Programs = ["p", "q"] }),
        new(
            Query + """, "expect": { "programs": ["p", "q"] }""",
            "other order",
            Answer.Ok with
            {
                Programs = ["q", "p"],
            },
            "the programs [p, q]",
            "the programs [q, p]"
        ),
        new(Query + """, "expect": { "programs": [] }""", "none", Answer.Ok, "the programs []", "no list of programs"),
        new(Query + """, "expect": { "attach_flags": ["allow_multi"] }""", "flags", Answer.Ok with { AttachFlags = 2 }),
        new(
            Query + """, "expect": { "attach_flags": ["allow_multi"] }""",
            "other flags",
            Answer.Ok with
            {
                AttachFlags = 1,
            },
            "attach flags 0x2",
            "0x1"
        ),
        new(Query + """, "expect": { "attach_flags": 0 }""", "no flags", Answer.Ok, "attach flags 0x0", "none"),
    ];

    [Theory]
    [MemberData(nameof(Held))]
    public void What_is_expected_holds(string step, string name)
    {
        var row = Rows.Single(other => other.Step == step && other.Name == name);

        Of(step, row.Answer).Violation.Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_not_expected_is_a_violation_that_says_both(
        string step,
        string name,
        string expected,
        string actual
    )
    {
        var row = Rows.Single(other => other.Step == step && other.Name == name);

        var violation = Of(step, row.Answer).Violation!;

        violation.Expected.Should().Be(expected);
        violation.Actual.Should().Be(actual);
        violation.Rule.Should().Be("area.first");
        violation.Log.Should().Be(row.Answer.Message);
    }

    [Fact]
    public void A_forbidden_program_that_was_loaded_must_trap()
    {
        const string Step = Load + """, "expect": { "forbidden": true }""";

        Of(Step, Answer.Ok, forbiddenRun: Trapped).Violation.Should().BeNull();
        Of(Step, Answer.Ok, forbiddenRun: Completed)
            .Violation!.Actual.Should()
            .Be("the program was loaded, and its run was: completed");
        Of(Step, Answer.Ok, forbiddenRun: Exhausted).Violation.Should().NotBeNull();
        Of(Step, Answer.Ok, forbiddenRun: Invalid).Violation.Should().NotBeNull();
    }

    [Fact]
    public void The_violated_expectation_names_its_rule()
    {
        const string Step =
            Remove + """, "expect": [{ "errno": "EBUSY" }, { "rule": "area.second", "errno": "EINVAL" }]""";

        Of(Step, Invalid).Violation!.Rule.Should().Be("area.first");
        Of(Step, Answer.Fail(Errno.EBUSY)).Violation!.Rule.Should().Be("area.second");
    }

    [Fact]
    public void An_expectation_of_a_linux_rule_does_not_bind_a_machine_that_claims_core_rules_only()
    {
        const string Step = Remove + """, "expect": { "rule": "area.linux", "errno": "EBUSY" }""";

        Of(Step, Invalid).Violation.Should().NotBeNull();
        Of(Step, Invalid, kernel: null).Violation.Should().BeNull();
        Of(Step, Invalid, kernel: "5.4.9").Violation.Should().BeNull("the rule is younger");
        Of(Step, Invalid, kernel: "5.4.10").Violation.Should().NotBeNull("the rule was brought to this branch");
    }

    [Fact]
    public void Bound_numbers_are_remembered_and_compared()
    {
        const string Bind =
            Lookup
            + """, "expect": { "value": [{ "offset": 0, "u64": { "bind": "x", "not": 0 } }, { "offset": 8, "u64": "@x" }] }""";

        var same = Of(Bind, Value("0500000000000000" + "0500000000000000"));
        same.Violation.Should().BeNull();
        same.Bindings.Should().ContainKey("x").WhoseValue.Should().Be(5);

        var other = Of(Bind, Value("0500000000000000" + "0600000000000000"));
        other.Violation!.Expected.Should().Be("u64 at 8 = @x (5)");
        other.Bindings.Should().BeEmpty("what was bound on the way to a violation is forgotten");
    }

    [Fact]
    public void An_expectation_that_does_not_bind_the_machine_still_names_numbers()
    {
        const string Bind =
            Lookup + """, "expect": { "rule": "area.linux", "value": [{ "offset": 0, "u8": { "bind": "x" } }] }""";

        Of(Bind, Value("05"), kernel: null).Bindings.Should().ContainKey("x");
    }

    [Fact]
    public void A_number_that_was_never_seen_is_neither_equal_nor_different()
    {
        const string Step =
            Lookup
            + """, "expect": [{ "rule": "area.linux", "size": 99, "value": [{ "offset": 0, "u8": { "bind": "x" } }] },"""
            + """ { "value": [{ "offset": 0, "u8": { "not": "@x" } }] }]""";

        // The first does not apply and could not be examined, so nothing was bound.
        Of(Step, Answer.Ok with { Value = [] }, kernel: null).Violation.Should().NotBeNull();
    }

    [Fact]
    public void Tracks_are_judged_one_after_the_other()
    {
        const string Step =
            """{ "op": "parallel", "tracks": [{ "name": "x", "steps": [{ "op": "fire", "cgroup": "a" }] },"""
            + """ { "name": "y", "steps": [{ "op": "fire", "cgroup": "a" }, { "op": "cgroup_remove", "cgroup": "a", "expect": { "errno": "EBUSY" } }] }] """;

        Of(
            Step,
            Answer.Ok with
            {
                Tracks =
                [
                    [Completed],
                    [Completed, Answer.Fail(Errno.EBUSY)],
                ],
            }
        )
            .Violation.Should()
            .BeNull();

        var violation = Of(
            Step,
            Answer.Ok with
            {
                Tracks =
                [
                    [Completed],
                    [Completed, Answer.Ok],
                ],
            }
        ).Violation!;
        violation.Step.Pointer.Should().Be("/steps/0/tracks/1/steps/1");
        violation.Expected.Should().Be("EBUSY");
    }

    private static Answer Value(string hex) => Answer.Ok with { Value = Convert.FromHexString(hex) };

    private static Answer Key(MapKey key) => Answer.Ok with { Key = key };

    private static Judgement Of(string step, Answer answer, Answer? forbiddenRun = null, string? kernel = "6.18.44")
    {
        var set = VectorFolder.Sound(
            $$"""
            "for_each": { "attach_type": ["cgroup_sysctl"] }, "cgroups": { "a": null },
            "maps": { "s": { "type": "cgroup_storage", "key_size": 16, "value_size": 16 },
              "c": { "type": "percpu_cgroup_storage", "key_size": 8, "value_size": 5 } },
            "programs": { "p": { "source": ["r0 = 1", "exit"] }, "q": { "source": ["r0 = 1", "exit"] } },
            "steps": [{{step}} }, { "op": "cgroup_remove", "cgroup": "a",
              "expect": [{ "rule": "area.second" }, { "rule": "area.linux" }] }]
            """,
            "\"area.first\", \"area.second\", \"area.linux\""
        );
        var machine = new MachineIdentity("m", "1", Cpus: 2) { Kernel = kernel };
        var context = new JudgeContext(set.Rules, machine, "area.first", ImmutableDictionary<string, ulong>.Empty);
        return Judge.Of(set.Cases[0].Steps[0], answer, forbiddenRun, context);
    }
}
