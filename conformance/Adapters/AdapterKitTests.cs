using Conformance.Cli;
using Conformance.Cli.NewAdapter;
using Conformance.Cli.Selecting;
using Conformance.Harness.Running;
using Conformance.Harness.Wire;
using Conformance.Tests.Cli;
using Conformance.Tests.Harness.Wire;

namespace Conformance.Tests.Adapters;

/// <summary>The kits of <c>harness/adapters</c>, each by the adapter that <c>new-adapter</c> writes.</summary>
public sealed class AdapterKitTests(KitBench bench) : IClassFixture<KitBench>
{
    // The cases of a vector stand together: few vectors have fewer than this, and the whole suite would take seconds for each kit.
    private const int Stride = 7;
    private const int MostLines = 100;
    private const string AuthorsPart = "the adapter: what its author writes";

    [Theory]
    [KitData("c", "cc")]
    [KitData("csharp")]
    [KitData("python", "python3")]
    [KitData("node", "node")]
    public void An_adapter_passes_smoke_as_it_was_scaffolded_whatever_its_machine_prints(string language)
    {
        var run = CommandRun.Of("smoke", "--vm", bench.CommandOf(language) + " --trace");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Out);
        run.Out.Should().StartWith($"ok    say who it is: {bench.NameOf(language)} 1.0, 1 CPUs, core rules only");
        run.Out.Should().Contain($"none  links: not supported: {bench.NameOf(language)} does not offer link_create");
        run.Out.Should().EndWith("what is not offered (none) shows as not applicable.\n");
    }

    [Theory]
    [KitData("c", "cc")]
    [KitData("csharp")]
    [KitData("python", "python3")]
    [KitData("node", "node")]
    public async Task The_example_keeps_every_rule_that_it_claims(string language)
    {
        var adapter = new Adapter(CommandWords.Split(bench.CommandOf(language), out _)!);
        var ids = AdapterBench.Set.Value.Cases.Where((_, index) => index % Stride == 0).Select(@case => @case.Id);

        var results = await AdapterBench.Run(adapter.Open, ids);

        results
            .Where(result => result.Outcome is not (CaseOutcome.Passed or CaseOutcome.NotApplicable))
            .Select(result => $"{result.Case.Id}: {result.Outcome} {result.Message}")
            .Should()
            .BeEmpty();
        var reasons = results.Where(result => result.Outcome == CaseOutcome.NotApplicable).Select(one => one.Reason);
        reasons.Should().NotContainNulls().And.Contain($"{bench.NameOf(language)} does not offer map_get_next_key");
        results.Count(result => result.Outcome == CaseOutcome.Passed).Should().BeGreaterThan(results.Count / 6);
    }

    [Theory]
    [KitData("c", "cc")]
    [KitData("csharp")]
    [KitData("python", "python3")]
    [KitData("node", "node")]
    public void A_kit_answers_what_is_no_request_what_is_not_offered_and_what_later_versions_may_send(
        string language
    ) => Converse(bench.CommandOf(language), KitConversation.WithExample);

    [Theory]
    [KitData("c", "cc")]
    [KitData("node", "node")]
    [KitData("python", "python3")]
    public void A_kit_gives_every_kind_of_answer_its_shape(string language) =>
        Converse(bench.StubOf(language), KitConversation.WithStub);

    [Theory]
    [KitData("c")]
    [KitData("csharp")]
    [KitData("python")]
    [KitData("node")]
    public void The_authors_part_is_as_short_as_the_page_says(string language)
    {
        var kit = KitBench.KitOf(language);
        var page = File.ReadAllText(Path.Combine(kit.Folder, "README.md"));

        var count = kit
            .Example.Select(file => File.ReadAllLines(Path.Combine(kit.Folder, file.From)))
            .SelectMany(lines => lines.SkipWhile(line => !line.Contains(AuthorsPart, StringComparison.Ordinal)).Skip(1))
            .Count(IsCode);

        count.Should().BeInRange(1, MostLines - 1);
        page.Should().Contain($"has {count} lines without blank ones and comments");
    }

    private static void Converse(string command, IReadOnlyList<KitExchange> exchanges)
    {
        var words = CommandWords.Split(command, out _)!;
        var requests = exchanges.Select(exchange => exchange.Request + "\n");

        var said = KitBench.Told(words, Directory.GetCurrentDirectory(), string.Concat(requests));

        var answers = said.Out.TrimEnd('\n').Split('\n');
        answers.Should().HaveCount(exchanges.Count, said.Error);
        foreach (var (exchange, answer) in exchanges.Zip(answers))
            exchange
                .IsAnsweredBy(answer)
                .Should()
                .BeTrue("{0} is to be answered {1}, not {2}", exchange.Request, exchange.Answer, answer);
    }

    private static bool IsCode(string line) =>
        line.Trim() is { Length: > 0 } text
        && (text[0] != '#' || text.StartsWith("#include", StringComparison.Ordinal))
        && !text.StartsWith("//", StringComparison.Ordinal)
        && !text.StartsWith("/*", StringComparison.Ordinal);
}
