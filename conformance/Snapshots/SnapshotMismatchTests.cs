namespace Conformance.Tests.Snapshots;

public sealed class SnapshotMismatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("snapshot").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Name => Path.Combine(_folder, "Class.Method");

    [Fact]
    public async Task A_missing_snapshot_fails_and_leaves_the_text_to_accept()
    {
        var failure = await Mismatch("new text");
        failure.Should().Contain("There is no snapshot Class.Method.verified.txt yet").And.Contain("+ new text");
        (await File.ReadAllTextAsync(Name + ".received.txt")).Should().Be("new text");
    }

    [Fact]
    public async Task A_different_text_fails_with_the_lines_that_differ()
    {
        await File.WriteAllTextAsync(Name + ".verified.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9");
        var failure = await Mismatch("1\n2\n3\n4\n5\n6\nseven\n8\n9");
        failure.Should().Contain("  ...\n  4\n  5\n  6\n- 7\n+ seven\n  8\n  9\n");
    }

    [Fact]
    public async Task Renaming_the_received_file_accepts_it()
    {
        await Mismatch("text");
        File.Move(Name + ".received.txt", Name + ".verified.txt");
        await Snapshot.Verify("text", Name, openDiffTool: false);
    }

    [Fact]
    public async Task Empty_lines_at_the_end_make_no_difference()
    {
        await Mismatch("text\n\n");
        File.Move(Name + ".received.txt", Name + ".verified.txt");
        await Snapshot.Verify("text\n\n", Name, openDiffTool: false);
        await Snapshot.Verify("text", Name, openDiffTool: false);
    }

    [Fact]
    public async Task A_pass_removes_a_received_file_left_by_an_earlier_failure()
    {
        await Mismatch("wrong");
        await File.WriteAllTextAsync(Name + ".verified.txt", "right");
        await Snapshot.Verify("right", Name, openDiffTool: false);
        File.Exists(Name + ".received.txt").Should().BeFalse();
    }

    [Fact]
    public async Task Only_a_test_method_can_verify()
    {
        var verify = () => Snapshot.Verify("text", parameters: null, method: nameof(Name));
        await verify.Should().ThrowAsync<InvalidOperationException>();
    }

    [Theory]
    [InlineData("", "a\nb", "+ a\n+ b\n")]
    [InlineData("a\nb", "", "- a\n- b\n")]
    [InlineData("a\nb\nc", "a\nc", "  a\n- b\n  c\n")]
    [InlineData("a\nc", "a\nb\nc", "  a\n+ b\n  c\n")]
    [InlineData("a\nb\nc\nd", "b\nc\nx\nd", "- a\n  b\n  c\n+ x\n  d\n")]
    [InlineData("same", "same", "  ...\n")]
    public void A_diff_shows_removed_and_added_lines(string before, string after, string diff) =>
        LineDiff.Between(before, after).Should().Be(diff);

    private async Task<string> Mismatch(string text)
    {
        var verify = () => Snapshot.Verify(text, Name, openDiffTool: false);
        return (await verify.Should().ThrowAsync<SnapshotMismatchException>()).Which.Message;
    }
}
