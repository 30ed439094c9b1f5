using Conformance.Cli;
using Conformance.Harness.Documentation;
using Conformance.Tests.Cli;

namespace Conformance.Tests.Documentation;

public sealed class DocsCommandTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public DocsCommandTests() => SampleBook.AddTo(_vectors);

    public void Dispose() => _vectors.Dispose();

    private string Folder => _vectors.PathOf("book");

    private CommandRun Docs(params string[] args) =>
        CommandRun.Of(["docs", "--out", Folder, "--vectors", _vectors.Folder, .. args]);

    [Fact]
    public void It_writes_both_files_and_finds_them_up_to_date()
    {
        var written = Docs();

        written.ExitCode.Should().Be(ExitCode.Ok, written.Error);
        File.ReadAllText(Path.Combine(Folder, Book.MarkdownFile)).Should().Contain("| `u64 at 0 = 5` |");
        File.ReadAllText(Path.Combine(Folder, Book.HtmlFile)).Should().Contain("<code>u64 at 0 = 5</code>");
        var check = Docs("--check");
        check.ExitCode.Should().Be(ExitCode.Ok);
        check.Out.Should().Be("the book is up to date\n");
    }

    [Fact]
    public void A_number_that_no_rule_fixes_is_shown_by_its_name()
    {
        Docs();

        File.ReadAllText(Path.Combine(Folder, Book.MarkdownFile)).Should().Contain("| `u64 at 0 = @seen, ≥ 7` |");
    }

    [Fact]
    public void A_changed_rule_makes_the_book_stale_from_a_line_on()
    {
        Docs();
        _vectors.Change("rules.json", "It is invisible.", "It cannot be seen.");

        var check = Docs("--check");

        check.ExitCode.Should().Be(ExitCode.Failures);
        var line =
            1
            + Array.FindIndex(
                File.ReadAllLines(Path.Combine(Folder, Book.MarkdownFile)),
                text => text.Contains("It is invisible.", StringComparison.Ordinal)
            );
        check.Error.Should().Contain($"{Book.MarkdownFile}:{line}: is stale").And.Contain("helper-conformance docs");
        File.ReadAllText(Path.Combine(Folder, Book.HtmlFile))
            .Should()
            .Contain("It is invisible.", "--check writes nothing");
    }

    [Fact]
    public void A_book_that_was_never_written_is_stale()
    {
        var check = Docs("--check");

        check.ExitCode.Should().Be(ExitCode.Failures);
        check.Error.Should().Contain("is not there");
        Directory.Exists(Folder).Should().BeFalse();
    }

    [Fact]
    public void Results_that_break_a_rule_are_not_printed()
    {
        _vectors.Change("sample/zeroed.json", "\"u64\": 0", "\"u64\": 9");

        var run = Docs();

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("sample.zeroed@cgroup_inet_egress.key16 does not hold on the reference VM");
        Directory.Exists(Folder).Should().BeFalse();
    }

    [Fact]
    public void Without_the_worked_example_there_is_no_book()
    {
        File.Delete(_vectors.PathOf("user/traffic-per-cgroup.json"));

        var run = Docs();

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Be($"error: there is no vector {Book.WorkedExample}\n");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        File.WriteAllText(Folder, "");

        Docs().Error.Should().StartWith($"error: {Folder}: ");
    }
}
