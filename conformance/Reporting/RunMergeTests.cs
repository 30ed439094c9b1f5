using Conformance.Harness.Reporting;

namespace Conformance.Tests.Reporting;

public sealed class RunMergeTests
{
    private static readonly string[] Order = [.. SampleRun.Record.Results.Select(result => result.Id)];

    private static NamedRun Part(int index, int count, params int[] places) =>
        new(
            $"{index}.json",
            new RunRecord(
                SampleRun.Record.Header with
                {
                    Cases = places.Length,
                    Selection = new SelectionRecord(
                        ["--filter 'p*'"],
                        "00",
                        new ShardRecord(index, count, Order.Length)
                    ),
                },
                [.. places.Select(place => SampleRun.Record.Results[place])],
                Interrupted: false
            )
        );

    private static NamedRun[] Halves => [Part(2, 2, 0, 2, 4, 6, 8, 10), Part(1, 2, 1, 3, 5, 7, 9)];

    private static string Refusal(NamedRun one, NamedRun other) => RunMerge.Of([one, other], Order).Refusal!;

    private static NamedRun With(NamedRun part, Func<RunHeader, RunHeader> change) =>
        part with
        {
            Run = part.Run with { Header = change(part.Run.Header) },
        };

    [Fact]
    public void The_whole_is_what_one_run_would_have_been()
    {
        var merged = RunMerge.Of(Halves, Order);
        merged.Missing.Should().BeEmpty();
        var whole = SampleRun.Record with
        {
            Header = SampleRun.Record.Header with
            {
                Cases = Order.Length,
                Selection = new SelectionRecord(["--filter 'p*'"], "00", Shard: null),
            },
        };
        Texts.Json(merged.Run!).Should().Be(Texts.Json(whole));
    }

    [Fact]
    public void What_is_stale_in_one_shard_is_stale_in_the_whole_once()
    {
        var parts = Halves.Select(part => part with { Run = part.Run with { StaleExpectations = ["x: gone"] } });
        RunMerge.Of([.. parts], Order).Run!.StaleExpectations.Should().Equal("x: gone");
    }

    [Fact]
    public void A_missing_shard_is_said_and_leaves_the_whole_interrupted()
    {
        var merged = RunMerge.Of([Halves[1]], Order);
        merged.Missing.Should().Equal("shard 2/2 is missing");
        merged.Run!.Interrupted.Should().BeTrue();
        merged.Run.Header.Cases.Should().Be(Order.Length);
    }

    [Fact]
    public void A_shard_that_did_not_get_to_its_end_is_said()
    {
        var half = With(Halves[0], header => header with { Cases = 9 });
        RunMerge.Of([half, Halves[1]], Order).Missing.Should().Equal("2.json holds 6 of 9 cases");
    }

    [Fact]
    public void The_number_of_cpus_makes_no_difference() =>
        RunMerge
            .Of([Halves[0], With(Halves[1], header => header with { Vm = header.Vm with { Cpus = 64 } })], Order)
            .Refusal.Should()
            .BeNull();

    [Fact]
    public void Shards_that_overlap_are_refused()
    {
        Refusal(Part(1, 2, 0), Part(1, 2, 1)).Should().Be("1.json and 1.json are both shard 1/2");
        Refusal(Part(1, 2, 0, 1), Part(2, 2, 1)).Should().Be($"the case {Order[1]} is in 1.json and in 2.json");
    }

    [Fact]
    public void What_is_not_of_one_run_is_refused()
    {
        var (one, other) = (Halves[0], Halves[1]);
        Refusal(one, With(other, header => header with { Suite = "9" }))
            .Should()
            .Be("2.json and 1.json are of different versions of the suite: 0.1.0 and 9");
        Refusal(one, With(other, header => header with { Vm = header.Vm with { Kernel = null } }))
            .Should()
            .Contain("are of different machines: sample 1.2, as Linux 6.18.44");
        Refusal(one, With(other, header => header with { Selection = header.Selection with { Options = [] } }))
            .Should()
            .Contain("are of different selections: --filter 'p*' and everything");
        Refusal(one, With(other, header => header with { Selection = header.Selection with { Vectors = "11" } }))
            .Should()
            .Contain("are of different vectors: 00 and 11");
        Refusal(one, Part(1, 3, 1)).Should().Contain("shard 2/2 of 11 cases and shard 1/3 of 11 cases");
        Refusal(
                With(one, header => header with { Selection = header.Selection with { Shard = null } }),
                With(other, header => header with { Selection = header.Selection with { Shard = null } })
            )
            .Should()
            .Contain("only shards of one run can be merged");
    }
}
