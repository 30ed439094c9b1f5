using Conformance.Linux.Cgroups;

namespace Conformance.Tests.Linux;

/// <summary>Finding the unified hierarchy, wherever it is mounted.</summary>
public sealed class CgroupMountTests
{
    [Fact]
    public void A_unified_hierarchy_is_found_beside_the_old_ones()
    {
        string[] lines =
        [
            "30 23 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755",
            "31 30 0:27 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu",
            "41 30 0:38 / /sys/fs/cgroup/unified rw,relatime shared:4 master:2 - cgroup2 cgroup2 rw",
        ];

        CgroupMount.In(lines).Should().Equal(new CgroupMount("/sys/fs/cgroup/unified", "/"));
    }

    [Fact]
    public void A_mount_point_with_blanks_is_named_as_it_is()
    {
        string[] lines = [@"41 30 0:38 /a\040b /mnt/with\040blank\134and\011tab rw - cgroup2 none rw"];

        CgroupMount.In(lines).Should().Equal(new CgroupMount("/mnt/with blank\\and\ttab", "/a b"));
    }

    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/", "/user/one", "user/one")]
    [InlineData("/user", "/user/one", "one")]
    [InlineData("/user", "/user", "")]
    [InlineData("/user", "/users/one", null)]
    [InlineData("/user/one", "/user", null)]
    [InlineData("/../..", "/", null)]
    [InlineData("/", "/../other", null)]
    public void The_way_to_the_own_cgroup_starts_at_the_top_of_the_mount(string top, string cgroup, string? way) =>
        new CgroupMount("/mnt", top).WayTo(cgroup).Should().Be(way);

    [LiveKernelFact]
    public void Without_a_mount_a_private_one_shows_the_same_cgroups()
    {
        using var mounted = CgroupRoot.Open();
        using var unmounted = CgroupRoot.Open([]);

        unmounted.Name.Should().Be("a private cgroup2 mount");
        Names(unmounted).Should().BeEquivalentTo(Names(mounted));
    }

    [LiveKernelFact]
    public void A_mount_that_something_else_covers_is_not_used()
    {
        using var root = CgroupRoot.Open([new CgroupMount("/tmp", "/")]);

        root.Name.Should().Be("a private cgroup2 mount");
    }

    // The files: cgroups of other processes come and go.
    private static IEnumerable<string?> Names(CgroupRoot root) =>
        Directory.EnumerateFiles(root.Path).Select(Path.GetFileName);
}
