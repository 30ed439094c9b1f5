using Conformance.ReferenceVm.Verification;
using Conformance.Tests.Snapshots;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>The verifier's log as its reader sees it: every instruction with what changed, the reason of a refusal, the count.</summary>
public sealed class VerifierLogTests
{
    private const string Call = "r1 = map[storage] ll\nr2 = 0\ncall 81\n";

    private static readonly Dictionary<string, string> Sources = new()
    {
        ["accepted"] = Call + "r1 = 1\nlock *(u64 *)(r0 + 0) += r1\nr0 = 1\nexit",
        ["flags"] = "r1 = map[storage] ll\nr2 = 7\ncall 81\nr0 = 1\nexit",
        ["bounds"] = Call + "r1 = *(u64 *)(r0 + 57)\nr0 = 1\nexit",
        ["variable-offset"] = Call + "r3 = *(u32 *)(r0 + 0)\nr3 &= 63\nr0 += r3\nr1 = *(u16 *)(r0 + 0)\nr0 = 1\nexit",
        ["wrong-map"] = "r1 = map[hash] ll\nr2 = 0\ncall 81\nr0 = 1\nexit",
        ["both-branches"] = "r6 = *(u32 *)(r1 + 4)\nr0 = 0\nif r6 == 2 goto out\nr0 = 1\nout: exit",
        ["return-value"] = "r0 = 2\nexit",
        ["endless"] = "r0 = 1\nagain: r1 = 1\nif r0 != 5 goto again\nexit",
        ["outside"] = "r0 = 0\ngoto +7\nexit",
        ["opcode"] = "r0 = 0\n.raw 8d 00 00 00 51 00 00 00\nexit",
    };

    public static TheoryData<string> Names => [.. Sources.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_log_tells_every_step_and_the_reason(string name)
    {
        var verdict = new VerifierWorld { LogLevel = 1 }
            .WithStorages(64)
            .Verify(Sources[name]);
        var outcome = verdict is Refused refused ? $"refused: {refused.Errno}" : "accepted";
        return Snapshot.Verify($"{outcome}\n\n{verdict.Log}", [name]);
    }
}
