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

    public void Advance(CaseResult result)
    {
        _done++;
        _red += result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored ? 1 : 0;
        if (terminal.Watched && TimeProvider.System.GetElapsedTime(_shown) >= Interval)
        {
            _shown = TimeProvider.System.GetTimestamp();
            var line = $"{_done}/{cases}{(_red == 0 ? "" : $", {_red} failed")}  {result.Case.Id}";
            terminal.Error.Write($"\r{(line.Length < terminal.Width ? line : line[..(terminal.Width - 1)])}\e[K");
        }
    }

    public void Clear()
    {
        if (terminal.Watched)
        {
            terminal.Error.Write("\r\e[K");
        }
    }
}
