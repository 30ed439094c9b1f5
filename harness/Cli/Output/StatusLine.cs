namespace Conformance.Cli.Output;

/// <summary>One line on the terminal, rewritten in place. Silent where nobody watches.</summary>
internal sealed class StatusLine(Terminal terminal)
{
    private int _columns;

    /// <summary>Shows as much of the line as fits.</summary>
    public void Show(string line)
    {
        if (terminal.Watched)
        {
            line = line[..Math.Min(line.Length, terminal.ProgressWidth - 1)];
            // Blanks over the rest of the line before, not an escape sequence: it works everywhere.
            terminal.Error.Write($"\r{line.PadRight(_columns)}");
            _columns = line.Length;
        }
    }

    public void Clear()
    {
        if (terminal.Watched)
        {
            Show("");
            terminal.Error.Write('\r');
        }
    }
}
