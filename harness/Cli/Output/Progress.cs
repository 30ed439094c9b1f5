using Conformance.Harness.Running;

namespace Conformance.Cli.Output;

/// <summary>One line on the terminal that says how far a run is, rewritten in place. Silent where nobody watches.</summary>
internal sealed class Progress(Terminal terminal, int cases)
{
    /// <summary>Often enough to look alive, seldom enough to cost nothing.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long _shown;
    private int _done;
    private int _red;
    private int _columns;

    public void Advance(CaseResult result)
    {
        _done++;
        _red += result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored ? 1 : 0;
        if (terminal.Watched && TimeProvider.System.GetElapsedTime(_shown) >= Interval)
        {
            _shown = TimeProvider.System.GetTimestamp();
            var line = $"{_done}/{cases}{(_red == 0 ? "" : $", {_red} failed")}  {result.Case.Id}";
            Show(line[..Math.Min(line.Length, terminal.ProgressWidth - 1)]);
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

    // Blanks over the rest of the line before, not an escape sequence: it works everywhere.
    private void Show(string line)
    {
        terminal.Error.Write($"\r{line.PadRight(_columns)}");
        _columns = line.Length;
    }
}
