using System.Text.Json;
using Conformance.Cli;

namespace Conformance.Tests.Cli;

public sealed class CatalogueCommandTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private string Output(params string[] args)
    {
        var run = CommandRun.Of([.. args, "--vectors", _vectors.Folder]);
        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Error.Should().BeEmpty();
        return run.Out.Replace(_vectors.Folder, "VECTORS", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules")]
    [InlineData("cases")]
    public Task List_has_one_line_for_each(string kind) => Snapshot.Verify(Output("list", $"--{kind}"), [kind]);

    [Fact]
    public Task List_shows_vectors_by_default() => Snapshot.Verify(Output("list"));

    [Fact]
    public Task Explain_shows_a_rule_and_the_vector_of_its_name() =>
        Snapshot.Verify(Output("explain", "sample.zeroed"));

    [Fact]
    public Task Explain_shows_a_rule_without_vectors() => Snapshot.Verify(Output("explain", "sample.unseen"));

    [Fact]
    public Task Explain_shows_a_case() => Snapshot.Verify(Output("explain", "sample.written@cgroup_device"));

    [Fact]
    public Task Export_writes_expanded_cases_with_bytecode()
    {
        var folder = _vectors.PathOf("exported");
        Output("export", folder).Should().Contain("5 cases of 2 vectors");
        return Snapshot.Verify(File.ReadAllText(Path.Combine(folder, "sample.zeroed.json")));
    }

    [Fact]
    public void Exported_files_hold_every_selected_case()
    {
        var folder = _vectors.PathOf("exported");
        Output("export", folder, "--filter", "*key16");
        using var file = JsonDocument.Parse(File.ReadAllText(Directory.EnumerateFiles(folder).Single()));
        file.RootElement.GetProperty("cases")
            .EnumerateArray()
            .Select(@case => @case.GetProperty("id").GetString())
            .Should()
            .Equal("sample.zeroed@cgroup_inet_egress.key16", "sample.zeroed@cgroup_sysctl.key16");
    }

    [Fact]
    public void Export_does_not_mix_its_files_with_others() =>
        CommandRun
            .Of("export", _vectors.Folder, "--vectors", _vectors.Folder)
            .ExitCode.Should()
            .Be(ExitCode.BrokenInput);

    [Fact]
    public Task Help_names_the_commands() => Snapshot.Verify(CommandRun.Of("--help").Out);
}
