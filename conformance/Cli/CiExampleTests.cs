using System.IO.Enumeration;
using Conformance.Cli;
using Conformance.Harness.Vectors;

namespace Conformance.Tests.Cli;

/// <summary>The commands of the examples for CI systems, as they stand there: all shards, then the verdict.</summary>
public sealed class CiExampleTests : IDisposable
{
    private const int Shards = 4;

    private readonly SampleVectors _vectors = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("records").FullName;

    public void Dispose()
    {
        _vectors.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("github-actions.yml", "--report", "junit=")]
    [InlineData("kubernetes-job.yml", "--shard", "json=")]
    public void The_commands_of_an_example_run_all_shards_and_come_to_a_verdict(
        string file,
        string option,
        string report
    )
    {
        var text = File.ReadAllText(Path.Combine(VectorLocation.Find()!, "..", "docs", "ci", file));
        text.Should().Contain(option).And.Contain(report);
        var commands = text.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("helper-conformance ", StringComparison.Ordinal))
            .ToArray();
        commands.Should().HaveCount(2);
        // A verdict is the merge's to give; anything but a verdict is not swallowed.
        commands[0].Should().EndWith(" || [ $? -eq 1 ]");
        foreach (var shard in Enumerable.Range(1, Shards))
        {
            Run(commands[0], shard).ExitCode.Should().BeOneOf(ExitCode.Ok, ExitCode.Failures);
        }

        var verdict = Run(commands[1], shard: 0);
        verdict.ExitCode.Should().Be(ExitCode.Failures, verdict.Error);
        verdict.Out.Should().EndWith("4 passed, 1 failed, 0 errored, 0 skipped, 0 not applicable\n");
        verdict.Error.Should().BeEmpty();
        File.ReadAllText(Path.Combine(_folder, "conformance.json")).Should().Contain("\"cases\": 5");
    }

    private CommandRun Run(string command, int shard)
    {
        var words = command
            .Split(" || ")[0]
            .Replace("${{ matrix.shard }}", $"{shard}", StringComparison.Ordinal)
            .Replace("$SHARDS", $"{Shards}", StringComparison.Ordinal)
            .Replace("$shard", $"{shard}", StringComparison.Ordinal)
            .Replace("\"$VM\"", Machines.Default, StringComparison.Ordinal)
            .Replace("/records/", "", StringComparison.Ordinal)
            .Split(' ')
            .Skip(1)
            .SelectMany(Expanded);
        return CommandRun.Of([.. words, "--vectors", _vectors.Folder]);
    }

    /// <summary>As a shell would, in the folder of the test.</summary>
    private IEnumerable<string> Expanded(string word) =>
        word.Contains('*')
            ? Directory
                .EnumerateFiles(_folder)
                .Where(file => FileSystemName.MatchesSimpleExpression(word, Path.GetFileName(file)))
        : word.IndexOf('=') is > 0 and var at ? [$"{word[..at]}={Path.Combine(_folder, word[(at + 1)..])}"]
        : [word];
}
