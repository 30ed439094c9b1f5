using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Wire;

namespace Conformance.Tests.Harness.Wire;

/// <summary>Adapters that cannot be started, or are not what they say.</summary>
public sealed class AdapterStartTests : IDisposable
{
    private readonly AdapterBench _bench = new();

    [Theory]
    [InlineData("{}", "\"kind\" is missing")]
    [InlineData("[]", "an answer is an object")]
    [InlineData("{\"seq\":0,\"kind\":\"ok\"}", "\"protocol\": expected 1, found 0")]
    [InlineData("{\"seq\":0,\"kind\":\"ok\",\"protocol\":2,\"name\":\"n\"}", "\"protocol\": expected 1, found 2")]
    [InlineData("{\"seq\":7,\"kind\":\"ok\",\"protocol\":1}", "\"seq\": expected 0, found 7")]
    [InlineData("{\"seq\":0,\"kind\":\"broken\",\"message\":\"I speak 9\"}", "I speak 9")]
    [InlineData("{\"seq\":0,\"kind\":\"ok\",\"protocol\":1,\"version\":\"1\",\"cpus\":2}", "\"name\" is missing")]
    [InlineData("{\"seq\":0,\"kind\":\"ok\",\"protocol\":1,\"name\":\"n\",\"version\":\"1\"}", "\"cpus\"")]
    [InlineData(
        "{\"seq\":0,\"kind\":\"ok\",\"protocol\":1,\"name\":\"n\",\"version\":\"1\",\"cpus\":8193}",
        "found 8193"
    )]
    [InlineData(
        "{\"seq\":0,\"kind\":\"ok\",\"protocol\":1,\"name\":\"n\",\"version\":\"1\",\"cpus\":99999999999}",
        "\"cpus\": expected a 32-bit integer"
    )]
    [InlineData(
        "{\"seq\":0,\"kind\":\"ok\",\"protocol\":1,\"name\":\"n\",\"version\":\"1\",\"cpus\":2,\"kernel\":\"banana\"}",
        "expected a version such as 6.18.44, found \"banana\""
    )]
    [InlineData(
        "{\"seq\":0,\"kind\":\"ok\",\"protocol\":1,\"name\":\"n\",\"version\":\"1\",\"cpus\":2,\"live_architecture\":\"x86_64\"}",
        "goes with \"kernel\""
    )]
    public void A_greeting_that_cannot_be_is_refused(string greeting, string complaint)
    {
        var act = () => AdapterGreeting.Read(System.Text.Encoding.UTF8.GetBytes(greeting), seq: 0);

        act.Should().Throw<WireFormatException>().Which.Message.Should().Contain(complaint);
    }

    [Fact]
    public void A_lie_at_the_handshake_keeps_the_run_from_starting_and_is_named()
    {
        var greeting = "{\"seq\":0,\"kind\":\"ok\",\"protocol\":1,\"name\":\"n\",\"version\":\"1\",\"cpus\":0}";
        using var machine = new Adapter(_bench.Faulty("hello", _bench.Mark(), greeting)).Open();

        var act = () => machine.Identity;

        act.Should()
            .Throw<AdapterException>()
            .Which.Message.Should()
            .StartWith(
                "the adapter did not answer hello as it should (\"cpus\": expected a number from 1 to 8192, found 0)"
            );
    }

    [Fact]
    public void An_adapter_that_says_nothing_is_given_up_after_its_time_with_its_last_words()
    {
        var limits = AdapterBench.ShortLimits with { Start = TimeSpan.FromSeconds(2) };
        using var machine = new Adapter(_bench.Faulty("silent"), limits).Open();

        var act = () => machine.Identity;

        act.Should()
            .Throw<AdapterException>()
            .WithMessage("the adapter gave no answer within 2 s, at the handshake; its last words: not in the mood");
    }

    [Fact]
    public void A_command_that_does_not_exist_is_said()
    {
        using var machine = new Adapter(["/nowhere/at-all"]).Open();

        var act = () => machine.Identity;

        act.Should()
            .Throw<AdapterException>()
            .WithMessage("/nowhere/at-all cannot be started: No such file or directory");
    }

    [Fact]
    public async Task An_adapter_that_is_another_one_after_a_restart_errs_in_every_case_from_then_on()
    {
        var adapter = new Adapter(_bench.Faulty("another-each-time"), AdapterBench.ShortLimits);

        var results = await AdapterBench.Run(adapter.Open, AdapterBench.Cases);

        results
            .Select(result => result.Outcome)
            .Should()
            .Equal(CaseOutcome.Passed, CaseOutcome.Errored, CaseOutcome.Errored, CaseOutcome.Errored);
        results[2].Reason.Should().Contain("says now that it is faulty");
    }

    [Fact]
    public async Task An_adapter_that_cannot_be_started_again_is_given_up_after_three_tries()
    {
        var mark = _bench.Mark();
        var used = Path.Combine(Path.GetTempPath(), mark);
        var adapter = new Adapter(_bench.Faulty("starts-once", mark, used), AdapterBench.ShortLimits);
        try
        {
            var ids = AdapterBench.Cases.Concat(Enumerable.Repeat(AdapterBench.Cases[0], 3));

            var results = await AdapterBench.Run(adapter.Open, ids);

            results.Count(result => result.Outcome == CaseOutcome.Passed).Should().Be(1);
            results[2].Reason.Should().Contain("exited with code 4").And.Contain("the licence is used up");
            results[^1].Reason.Should().StartWith("the adapter was given up after 3 starts in a row that failed");
        }
        finally
        {
            File.Delete(used);
        }
    }

    public void Dispose() => _bench.Dispose();
}
