using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Tests.Reporting;

/// <summary>A small run with every outcome.</summary>
internal static class SampleRun
{
    public static IReadOnlyList<string> Rules { get; } =
    ["pointer.never-null", "pointer.stable-across-runs", "flags.must-be-zero", "zeroed.at-first-sight", "links.detach"];

    public static CaseRecord Failed { get; } =
        Result(
            "pointer.stable-across-runs@cgroup_inet4_connect.shared",
            CaseOutcome.Failed,
            "cgroup_sock_addr",
            "cgroup_inet4_connect"
        ) with
        {
            Rules = ["pointer.stable-across-runs", "pointer.never-null"],
            Message = "step 4 (map_lookup_elem storage [a]): expected u64 at 0 equal to @first (0x1000), got 0x2000",
            Failure = new FailureRecord
            {
                Rule = "pointer.stable-across-runs",
                Sentence = "Every run gets the same address, <whatever> \"happens\" in between.",
                Step = 4,
                Pointer = "/steps/4",
                Operation = "map_lookup_elem storage [a]",
                Expected = "u64 at 0 equal to @first (0x1000)",
                Actual = "0x2000",
                Log = "0: (85) call bpf_get_local_storage#81\nR2 is not zero\n",
                Programs = [new ProgramRecord("record", ["   0  r1 = map[storage] ll", "   2  r2 = 0", "   3  exit"])],
            },
            Reproduce = "helper-conformance run --filter 'pointer.stable-across-runs@cgroup_inet4_connect.shared'",
            Steps =
            [
                Step(null, "prog_load record", [], "success", StepState.Held),
                Step(3, "fire cgroup_inet4_connect in a", ["success"], "completed", StepState.Held),
                Step(4, "map_lookup_elem storage [a]", ["u64 at 0 = @first"], "value 0020", StepState.Violated),
                Step(5, "prog_detach record from a", [], null, StepState.NotReached),
            ],
        };

    public static RunRecord Record { get; } =
        new(
            new RunHeader("0.1.0", new VmRecord("sample", "1.2", "6.18.44", 4), 11)
            {
                Selection = new SelectionRecord(
                    ["--filter 'p*'"],
                    "00112233445566778899aabbccddeeff",
                    new ShardRecord(1, 2, 22)
                ),
            },
            [
                Passed("pointer.never-null@cgroup_inet_egress", "cgroup_skb", "cgroup_inet_egress"),
                Passed("pointer.never-null@cgroup_inet_ingress", "cgroup_skb", "cgroup_inet_ingress"),
                Passed("pointer.never-null@cgroup_sysctl", "cgroup_sysctl", "cgroup_sysctl"),
                Passed("links.detach", null, null),
                Failed,
                Result("flags.must-be-zero@cgroup_device", CaseOutcome.Errored, "cgroup_device", "cgroup_device") with
                {
                    Message = "the machine died: exit code 139\u0007",
                    StandardError = ["loading", "segmentation fault"],
                    Reproduce = "helper-conformance run --filter 'flags.must-be-zero@cgroup_device'",
                },
                Result("zeroed.at-first-sight@sock_ops", CaseOutcome.Skipped, "sock_ops", "cgroup_sock_ops") with
                {
                    Message = "needs 64 CPUs",
                },
                Result(
                    "zeroed.at-first-sight@cgroup_skb",
                    CaseOutcome.NotApplicable,
                    "cgroup_skb",
                    "cgroup_inet_egress"
                ) with
                {
                    Message = "per-CPU storage is not offered",
                },
                Listed(
                    Failed with
                    {
                        Id = "pointer.stable-across-runs@cgroup_inet6_connect.shared",
                        AttachType = "cgroup_inet6_connect",
                    },
                    CaseOutcome.ExpectedFailure,
                    "pointer.stable-across-runs@cgroup_inet6_*"
                ),
                Listed(
                    Passed("links.detach@cgroup_device", "cgroup_device", "cgroup_device"),
                    CaseOutcome.UnexpectedPass,
                    "links.detach@cgroup_device"
                ),
                Listed(
                    Passed("links.detach@cgroup_sysctl", "cgroup_sysctl", "cgroup_sysctl"),
                    CaseOutcome.Flaky,
                    "links.detach@cgroup_sysctl"
                ),
            ],
            Interrupted: false
        );

    private static CaseRecord Listed(CaseRecord result, CaseOutcome outcome, string pattern) =>
        result with
        {
            Outcome = outcome,
            Expectation = new ExpectationRecord(
                outcome == CaseOutcome.Flaky ? CaseOutcome.Flaky : CaseOutcome.Failed,
                result.Outcome,
                pattern,
                "the address changes with the socket's family",
                "https://example.org/bugs/7",
                "network team"
            ),
        };

    private static RecordedStep Step(int? step, string operation, string[] expected, string? actual, StepState state) =>
        new()
        {
            Step = step,
            Operation = operation,
            Expected = expected,
            Actual = actual,
            State = state,
        };

    private static CaseRecord Passed(string id, string? programType, string? attachType) =>
        Result(id, CaseOutcome.Passed, programType, attachType);

    private static CaseRecord Result(string id, CaseOutcome outcome, string? programType, string? attachType) =>
        new()
        {
            Id = id,
            Vector = id.Split('@')[0],
            Rules = [id.Split('@')[0]],
            ProgramType = programType,
            AttachType = attachType,
            Outcome = outcome,
            DurationMs = 1.25,
        };
}
