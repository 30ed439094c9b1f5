namespace Conformance.Tests.Snapshots;

public sealed class SnapshotFilesTests
{
    [Fact]
    public void Every_verified_file_is_used_by_a_test() =>
        SnapshotFiles.Present().Except(SnapshotFiles.Asked(), StringComparer.Ordinal).Should().BeEmpty();
}
