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
        var console = Console(terminal);
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(Column("rule", terminal.Width - CellWidth * Heads.Length, Justify.Left));
        foreach (var head in Heads)
        {
            table.AddColumn(Column(head, CellWidth, Justify.Right));
        }

        foreach (var rule in matrix.Rules)
        {
            table.AddRow([new Text(rule), .. Columns.Select(column => Cell(matrix[rule, column], terminal.Colour))]);
        }

        console.Write(table);
        terminal.Out.WriteLine();
        foreach (var line in Legend(matrix))
        {
            terminal.Out.WriteLine(line);
        }
    }

    /// <summary>
    /// Never the console without ANSI: that one resets the colours of the process's own terminal, which is an escape sequence too. Plain
    /// text comes out plain as long as no style is given.
    /// </summary>
    internal static IAnsiConsole Console(Terminal terminal)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = terminal.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(terminal.Out),
            }
        );
        console.Profile.Width = terminal.Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static TableColumn Column(string head, int width, Justify alignment) =>
        new(head)
        {
            Width = width,
            Alignment = alignment,
            Padding = new Padding(0),
        };

    /// <summary>The worst of the cell: a failure must not hide behind passes.</summary>
    private static Text Cell(MatrixCell cell, bool colour)
    {
        var (text, style) = cell switch
        {
            { Failed: > 0 } => ($"{cell.Failed}F", new Style(Color.Red, decoration: Decoration.Bold)),
            { UnexpectedPass: > 0 } => ($"{cell.UnexpectedPass}P", new Style(Color.Red, decoration: Decoration.Bold)),
            { Errored: > 0 } => ($"{cell.Errored}E", new Style(Color.Fuchsia, decoration: Decoration.Bold)),
            { ExpectedFailure: > 0 } => ($"{cell.ExpectedFailure}x", new Style(Color.Yellow)),
            { Flaky: > 0 } => ($"{cell.Flaky}~", new Style(Color.Yellow)),
            { Undecided: > 0 } => ($"{cell.Undecided}?", new Style(Color.Yellow)),
            { Skipped: > 0 } => ($"{cell.Skipped}s", new Style(Color.Yellow)),
            { Passed: > 0 } => ($"{cell.Passed}", new Style(Color.Green)),
            { NotApplicable: > 0 } => ($"{cell.NotApplicable}-", new Style(Color.Grey)),
            _ => ("·", new Style(Color.Grey)),
        };
        return new Text(text, colour ? style : Style.Plain);
    }

    private static IEnumerable<string> Legend(RuleMatrix matrix)
    {
        // A no-break space keeps each head with its meaning.
        const char NoBreak = '\u00a0';
        var heads = Heads.Zip(RuleMatrix.ProgramTypes.Select(Names.Of).Append("no single type"));
        var cells = matrix.Rules.SelectMany(rule => Columns.Select(column => matrix[rule, column])).ToArray();
        string[] marks =
        [
            "12 cases passed",
            "3F failing cases",
            "3E errored ones",
            // Only a run with a file of expectations has these.
            .. cells.Any(cell => cell.UnexpectedPass > 0) ? ["3P that passed against expectation"] : (string[])[],
            .. cells.Any(cell => cell.ExpectedFailure > 0) ? ["3x that failed as expected"] : (string[])[],
            .. cells.Any(cell => cell.Flaky > 0) ? ["3~ flaky ones"] : (string[])[],
            "3? that broke another of their rules first",
            "3s skipped",
            "3- not applicable",
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
