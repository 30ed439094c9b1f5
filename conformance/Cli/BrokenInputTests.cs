using Conformance.Cli;

namespace Conformance.Tests.Cli;

/// <summary>Whatever is wrong with the input: exit code 2, one clear message with the place, no stack trace, no case run.</summary>
public sealed class BrokenInputTests : IDisposable
{
    private const string Vector = "sample/written.json";
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private string[] Run(params string[] more) => ["run", "--vectors", _vectors.Folder, .. more];

    private static void IsRefused(CommandRun run, params string[] parts)
    {
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith("error: ").And.NotContain("   at ").And.NotContain("Exception");
        foreach (var part in parts)
        {
            run.Error.Should().Contain(part);
        }
    }

    [Theory]
    [InlineData("\"catches\"", "\"catchs\"", "written.json:", "catchs")]
    [InlineData("[\"sample.written\"]", "[\"sample.unknown\"]", "/rules/0", "unknown rule \"sample.unknown\"")]
    [InlineData("[\"cgroup_device\"]", "[\"cgroup_devise\"]", "/for_each/attach_type", "cgroup_devise")]
    [InlineData(
        "{ \"attach_type\": [\"cgroup_device\"] }",
        "{ \"program_type\": [\"cgroup_skp\"] }",
        "/for_each",
        "cgroup_skp"
    )]
    [InlineData("\"op\": \"fire\"", "\"op\": \"explode\"", "/steps/1", "explode")]
    [InlineData("\"r2 = 0\"", "\"r2 == 0\"", "/programs/write/source/1", "assembly line 2")]
    [InlineData("map[storage]", "map[other]", "/programs/write/source", "other")]
    [InlineData("\"id\": \"sample.written\"", "\"id\": \"sample.zeroed\"", "/id", "sample.zeroed")]
    [InlineData("}\n  ]\n}", "}\n  ]\n", "written.json:", "JSON")]
    [InlineData("{\n  \"id\"", "not json {\n  \"id\"", "written.json:1", "JSON")]
    public void A_broken_vector_is_named_with_its_place(string from, string to, string place, string reason)
    {
        _vectors.Change(Vector, from, to);
        IsRefused(CommandRun.Of(Run()), place, reason);
    }

    [Fact]
    public void Bytecode_that_ends_in_the_middle_of_an_instruction_is_named_with_its_place()
    {
        _vectors.Write(
            "sample/bytes.json",
            """
            {
              "id": "sample.bytes", "title": "Bytes", "rules": ["sample.zeroed"], "catches": "nothing",
              "programs": { "p": { "type": "cgroup_skb", "instructions": "b7000000010000009500" } },
              "steps": [{ "op": "prog_close", "program": "p" }]
            }
            """
        );
        IsRefused(CommandRun.Of(Run()), "bytes.json:", "/programs/p/instructions", "not a multiple of 8");
    }

    [Fact]
    public void A_duplicate_id_is_named()
    {
        var text = File.ReadAllText(_vectors.PathOf(Vector));
        _vectors.Write("sample/again.json", text);
        IsRefused(CommandRun.Of(Run()), "again.json:", "/id", "sample.written");
    }

    [Fact]
    public void An_empty_file_is_no_vector()
    {
        _vectors.Write(Vector, "");
        IsRefused(CommandRun.Of(Run()), "written.json");
    }

    [Fact]
    public void A_folder_without_a_catalogue_holds_no_vectors()
    {
        File.Delete(_vectors.PathOf("rules.json"));
        IsRefused(CommandRun.Of(Run()), "rules.json");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        IsRefused(CommandRun.Of("run", "--vectors", _vectors.PathOf("nowhere")), "nowhere");

    [Fact]
    public void A_file_is_no_folder_of_vectors() =>
        IsRefused(CommandRun.Of("run", "--vectors", _vectors.PathOf(Vector)), "written.json");

    [Fact]
    public void A_folder_in_the_place_of_a_vector_is_looked_into_and_not_read_as_one()
    {
        Directory.CreateDirectory(_vectors.PathOf("sample/folder.json"));
        CommandRun.Of(Run("--list")).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public void A_rule_that_nothing_checks_reddens_a_full_run_and_no_other()
    {
        _vectors.Change(
            "rules.json",
            ",\n      \"no_vector\": { \"kind\": \"not_observable\", \"reason\": \"There is no way to look.\" }",
            ""
        );
        File.Delete(_vectors.PathOf(Vector));
        _vectors.Change(
            "rules.json",
            "\"why\": \"The map is how a program reports.\"",
            "\"why\": \"x\", \"no_vector\": { \"kind\": \"unsafe\", \"reason\": \"r\" }"
        );
        var full = CommandRun.Of(Run());
        full.ExitCode.Should().Be(ExitCode.BrokenInput);
        full.Error.Should().Contain("sample.unseen");
        CommandRun.Of(Run("--filter", "*key8")).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Theory]
    [InlineData("--filter", "nothing.*", "matches no case")]
    [InlineData("--filter", "sample.writen", "did you mean sample.written?")]
    [InlineData("--rule", "sample.zeroes", "did you mean sample.zeroed?")]
    [InlineData("--rule", "sample.unseen", "has no vector: There is no way to look.")]
    [InlineData("--program-type", "cgroup_skp", "there are cgroup_skb, ")]
    [InlineData("--program-type", "sock_ops", "no case satisfies")]
    [InlineData("--vm", "nobody", "there is no machine nobody")]
    [InlineData("--jobs", "0", "must be at least 1")]
    [InlineData("--jobs", "many", "error: --jobs many: must be a whole number")]
    [InlineData("--jobs", "99999999999", "error: --jobs 99999999999: is too large")]
    [InlineData("--filter", "sample.unseen", "sample.unseen is a rule; use --rule sample.unseen")]
    [InlineData("--report", "yaml=x", "expected FORMAT=FILE")]
    [InlineData("--report", "json", "expected FORMAT=FILE")]
    [InlineData("--report", "json=", "expected FORMAT=FILE")]
    [InlineData(
        "--report",
        "json=/nowhere/at/all.json",
        "/nowhere/at/all.json: the directory it is to be in does not exist"
    )]
    [InlineData("--report", "junit=/", "junit=/: is a directory")]
    [InlineData("--report", "jsonl=/", "jsonl=/: is a directory")]
    [InlineData("--unknown", "x", "there is no option --unknown")]
    [InlineData("--filtre", "x", "did you mean --filter?")]
    public void A_wrong_option_is_named(string option, string value, string reason) =>
        IsRefused(CommandRun.Of(Run(option, value)), reason);

    [Theory]
    [InlineData("walk")]
    [InlineData("explain")]
    [InlineData("export")]
    [InlineData("list", "--rules", "--cases")]
    public void A_command_line_that_says_nothing_useful_is_refused(params string[] args) =>
        IsRefused(CommandRun.Of(args));

    [Fact]
    public void A_command_that_is_not_there_suggests_one_that_is() =>
        IsRefused(CommandRun.Of("rum"), "there is no command rum; did you mean run?");

    [Fact]
    public void A_bare_command_shows_the_help_and_is_not_green()
    {
        var run = CommandRun.Of();
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Out.Should().BeEmpty();
        run.Error.Should().Contain("Usage:").And.Contain("explain");
    }

    [Fact]
    public void A_file_is_no_folder_to_export_to() =>
        IsRefused(
            CommandRun.Of("export", _vectors.PathOf(Vector), "--vectors", _vectors.Folder),
            "written.json: is a file; name a new or empty directory"
        );

    [Fact]
    public void Explaining_what_is_not_there_suggests_what_is() =>
        IsRefused(
            CommandRun.Of("explain", "sample.zeroe", "--vectors", _vectors.Folder),
            "sample.zeroe is no rule, vector or case",
            "did you mean sample.zeroed?"
        );
}
