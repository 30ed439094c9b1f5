using Conformance.Harness.Reporting;
using Conformance.ReferenceVm.Programs;
using Spectre.Console;

namespace Conformance.Cli.Output;

/// <summary>The matrix of rules against program types. Made to fit 80 columns: a number is cases passed, a letter says what else happened.</summary>
internal static class MatrixTable
{
    /// <summary>Columns of a cell: three digits, a letter, and the gap.</summary>
    private const int CellWidth = 5;

    // Short heads, in the order of RuleMatrix.ProgramTypes; the legend spells them out.
    private static readonly string[] Heads = ["skb", "sock", "ops", "dev", "addr", "sysc", "sopt", "any"];

    private static readonly ProgramType?[] Columns =
    [
        .. RuleMatrix.ProgramTypes.Select(type => (ProgramType?)type),
        null,
    ];

    public static void Write(RuleMatrix matrix, Terminal terminal)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = terminal.Colour ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = terminal.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(terminal.Out),
            }
        );
        console.Profile.Width = terminal.Width;
        console.Profile.Capabilities.Unicode = true;

        var table = new Table { Border = TableBorder.None };
        table.AddColumn(Column("rule", terminal.Width - CellWidth * Heads.Length, Justify.Left));
        foreach (var head in Heads)
        {
            table.AddColumn(Column(head, CellWidth, Justify.Right));
        }

        foreach (var rule in matrix.Rules)
        {
            table.AddRow([new Text(rule), .. Columns.Select(column => Cell(matrix[rule, column]))]);
        }

        console.Write(table);
        terminal.Out.WriteLine();
        foreach (var line in Legend())
        {
            terminal.Out.WriteLine(line);
        }
    }

    private static TableColumn Column(string head, int width, Justify alignment) =>
        new(head)
        {
            Width = width,
            Alignment = alignment,
            Padding = new Padding(0),
        };

    /// <summary>The worst of the cell: a failure must not hide behind passes.</summary>
    private static Text Cell(MatrixCell cell) =>
        cell switch
        {
            { Failed: > 0 } => new Text($"{cell.Failed}F", new Style(Color.Red, decoration: Decoration.Bold)),
            { Errored: > 0 } => new Text($"{cell.Errored}E", new Style(Color.Fuchsia, decoration: Decoration.Bold)),
            { Undecided: > 0 } => new Text($"{cell.Undecided}?", new Style(Color.Yellow)),
            { Skipped: > 0 } => new Text($"{cell.Skipped}s", new Style(Color.Yellow)),
            { Passed: > 0 } => new Text($"{cell.Passed}", new Style(Color.Green)),
            { NotApplicable: > 0 } => new Text($"{cell.NotApplicable}-", new Style(Color.Grey)),
            _ => new Text("·", new Style(Color.Grey)),
        };

    private static IEnumerable<string> Legend()
    {
        // A no-break space keeps each head with its meaning.
        const char NoBreak = '\u00a0';
        var heads = Heads.Zip(RuleMatrix.ProgramTypes.Select(Names.Of).Append("no single type"));
        string[] marks =
        [
            "12 cases passed",
            "F failed",
            "E errored",
            "? undecided",
            "s skipped",
            "- not applicable",
            "· no case",
        ];
        return new[] { heads.Select(head => $"{head.First} {head.Second}"), marks }
            .SelectMany(entries =>
                Paragraphs.Wrap(
                    string.Join(", ", entries.Select(entry => entry.Replace(' ', NoBreak))),
                    Terminal.UsualWidth
                )
            )
            .Select(line => line.Replace(NoBreak, ' '));
    }
}
