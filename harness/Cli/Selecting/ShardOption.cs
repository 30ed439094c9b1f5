using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Selecting;

/// <summary>The option <c>--shard</c>.</summary>
internal static class ShardOption
{
    public static Option<Shard?> Create() =>
        new("--shard")
        {
            Description =
                "Only this part of the selected cases, for instance 1/4; the parts are the same everywhere. merge makes a whole of them.",
            HelpName = "I/N",
            CustomParser = Parse,
        };

    /// <summary>The cases of the part; null after saying that it has none.</summary>
    public static IReadOnlyList<Case>? Deal(Shard? shard, IReadOnlyList<Case> cases, Terminal terminal)
    {
        var dealt = shard?.Of(cases) ?? cases;
        if (dealt.Count > 0)
        {
            return dealt;
        }

        terminal.Refuse($"--shard {shard}: there are only {cases.Count} cases, and this part has none");
        return null;
    }

    /// <summary>As records tell it.</summary>
    public static ShardRecord? Record(Shard? shard, int cases) =>
        shard is { } part ? new ShardRecord(part.Index, part.Count, cases) : null;

    private static Shard? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (
            text.Split('/') is [var index, var count]
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && i >= 1
            && i <= n
        )
        {
            return new Shard(i, n);
        }

        result.AddError($"--shard {text}: expected I/N, where I is from 1 to N, such as 1/4");
        return null;
    }
}
