using Conformance.ReferenceVm.Verification;
using Conformance.Tests.Snapshots;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>The verifier's log as its reader sees it: every instruction with what changed, the reason of a refusal, the count.</summary>
public sealed class VerifierLogTests
{
    [Theory]
    [InlineData("accepted", "r1 = map[storage] ll\nr2 = 0\ncall 81\nr1 = 1\nlock *(u64 *)(r0 + 0) += r1\nr0 = 1\nexit")]
    [InlineData("flags", "r1 = map[storage] ll\nr2 = 7\ncall 81\nr0 = 1\nexit")]
    [InlineData("bounds", "r1 = map[storage] ll\nr2 = 0\ncall 81\nr1 = *(u64 *)(r0 + 57)\nr0 = 1\nexit")]
    [InlineData(
        "variable-offset",
        "r1 = map[storage] ll\nr2 = 0\ncall 81\nr3 = *(u32 *)(r0 + 0)\nr3 &= 63\nr0 += r3\nr1 = *(u16 *)(r0 + 0)\nr0 = 1\nexit"
    )]
    [InlineData("wrong-map", "r1 = map[hash] ll\nr2 = 0\ncall 81\nr0 = 1\nexit")]
    [InlineData("both-branches", "r6 = *(u32 *)(r1 + 4)\nr0 = 0\nif r6 == 2 goto out\nr0 = 1\nout: exit")]
    [InlineData("return-value", "r0 = 2\nexit")]
    [InlineData("endless", "r0 = 1\nagain: r1 = 1\nif r0 != 5 goto again\nexit")]
    [InlineData("outside", "r0 = 0\ngoto +7\nexit")]
    [InlineData("opcode", "r0 = 0\n.raw 8d 00 00 00 51 00 00 00\nexit")]
    public Task A_log_tells_every_step_and_the_reason(string name, string source)
    {
        var world = new VerifierWorld { LogLevel = 1 }.WithStorages(64);
        var verdict = world.Verify(source);
        var outcome = verdict is Refused refused ? $"refused: {refused.Errno}" : "accepted";
        return Snapshot.Verify($"{outcome}\n\n{verdict.Log}", [name]);
    }
}
