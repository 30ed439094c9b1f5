using Conformance.Harness.Running;
using Conformance.Tests.Harness.Wire;

namespace Conformance.Tests.Harness.Running;

public sealed class ShardTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Shards_are_balanced_and_every_case_is_in_one_of_them(int count)
    {
        var cases = AdapterBench.Set.Value.Cases;
        var shards = Enumerable.Range(1, count).Select(index => new Shard(index, count).Of(cases)).ToArray();
        shards
            .SelectMany(shard => shard.Select(@case => @case.Id))
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal(cases.Select(@case => @case.Id).Order(StringComparer.Ordinal));
        var sizes = shards.Select(shard => shard.Count).ToArray();
        (sizes.Max() - sizes.Min()).Should().BeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_vector_of_many_cases_is_spread_over_the_shards()
    {
        var cases = AdapterBench.Set.Value.Cases;
        var largest = cases.GroupBy(@case => @case.Vector.Id).MaxBy(vector => vector.Count())!;
        var shares = Enumerable
            .Range(1, 4)
            .Select(index => new Shard(index, 4).Of(cases).Count(@case => @case.Vector.Id == largest.Key));
        shares.Should().OnlyContain(share => share > largest.Count() / 8);
    }

    [Fact]
    public void The_order_of_the_cases_makes_no_difference()
    {
        var cases = AdapterBench.Set.Value.Cases;
        var there = new Shard(2, 5).Of(cases).Select(@case => @case.Id);
        var back = new Shard(2, 5).Of([.. cases.Reverse()]).Select(@case => @case.Id);
        back.Reverse().Should().Equal(there);
    }

    [Fact]
    public void Which_case_is_where_does_not_change_from_machine_to_machine()
    {
        var cases = AdapterBench.Set.Value.Cases.Where(@case => AdapterBench.Cases.Contains(@case.Id)).ToArray();
        string.Join(
                "; ",
                Enumerable
                    .Range(1, 2)
                    .Select(index => string.Join(' ', new Shard(index, 2).Of(cases).Select(one => one.Id)))
            )
            .Should()
            .Be(
                "pointer.stable-across-runs@cgroup_device.shared.key16 pointer.stable-across-runs@cgroup_sysctl.shared.key16; "
                    + "pointer.stable-across-runs@cgroup_sock_ops.shared.key16 pointer.stable-across-runs@cgroup_setsockopt.shared.key16"
            );
    }
}
