using Conformance.Cli;
using Conformance.Cli.NewAdapter;
using Conformance.Tests.Cli;

namespace Conformance.Tests.Adapters;

public sealed class NewAdapterCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("new-adapter").FullName;

    public static TheoryData<string> Languages => [.. LanguageKit.All.Select(kit => kit.Language)];

    [Theory]
    [MemberData(nameof(Languages))]
    public void What_is_written_is_the_kit_and_the_example_under_the_name_of_the_directory(string language)
    {
        var directory = Path.Combine(_root, "my vm");
        var kit = KitBench.KitOf(language);

        var run = CommandRun.Of("new-adapter", language, directory);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        string[] files =
        [
            .. Directory
                .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(directory, file)),
        ];
        string[] wanted = ["README.md", "PROTOCOL.md", .. kit.Kit, .. kit.Example.Select(file => file.To)];
        files.Should().BeEquivalentTo([.. wanted, .. kit.Libraries.Select(file => Path.Combine("lib", file))]);
        var texts = kit.Example.Select(file => File.ReadAllText(Path.Combine(directory, file.To))).ToArray();
        texts.Should().ContainSingle(text => text.Contains("\"my-vm\"") || text.Contains("'my-vm'"));
        File.ReadAllText(Path.Combine(directory, "README.md")).Should().Contain("(PROTOCOL.md)");
        run.Out.Should().Contain("smoke --vm").And.Contain("run --vm").And.Contain("README.md");
        run.Out.Contains("build ", StringComparison.Ordinal).Should().Be(kit.Build is not null);
    }

    [Fact]
    public void All_of_the_tiny_machine_in_CSharp_is_written()
    {
        var kit = KitBench.KitOf("csharp");

        Directory
            .EnumerateFiles(Path.Combine(kit.Folder, "Tiny"), "*.cs")
            .Select(file => $"Tiny/{Path.GetFileName(file)}")
            .Should()
            .BeSubsetOf(kit.Example.Select(file => file.From));
    }

    [Fact]
    public void A_directory_with_something_in_it_is_left_alone()
    {
        File.WriteAllText(Path.Combine(_root, "mine"), "");

        var run = CommandRun.Of("new-adapter", "c", _root);

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("is not empty");
        Directory.EnumerateFileSystemEntries(_root).Should().ContainSingle();
    }

    [Fact]
    public void A_language_without_a_kit_is_told_what_to_read()
    {
        var run = CommandRun.Of("new-adapter", "cobol", Path.Combine(_root, "new"));

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("there are c, csharp, node, python").And.Contain("harness/PROTOCOL.md");
        Directory.Exists(Path.Combine(_root, "new")).Should().BeFalse();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
