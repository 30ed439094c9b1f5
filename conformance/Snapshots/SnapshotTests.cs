namespace Conformance.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Fact]
    public Task An_equal_text_passes() => Snapshot.Verify("first line\nsecond line\n");

    [Theory]
    [InlineData("plain", 1)]
    [InlineData("a/b:c", 2)]
    public Task Parameters_are_part_of_the_name(string text, int number) =>
        Snapshot.Verify($"{text} {number}", [text, number]);

    [Fact]
    public Task Line_ends_make_no_difference() => Snapshot.Verify("first line\r\nsecond line");
}
