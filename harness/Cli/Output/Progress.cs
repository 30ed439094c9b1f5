using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Cli.Output;

/// <summary>How far a run is.</summary>
internal sealed class Progress(Terminal terminal, int cases)
{
    /// <summary>Often enough to look alive, seldom enough to cost nothing.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly StatusLine _line = new(terminal);
    private long _shown;
    private int _done;
    private int _red;

    public void Advance(CaseRecord result)
    {
        _done++;
        _red += result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored or CaseOutcome.UnexpectedPass ? 1 : 0;
        if (TimeProvider.System.GetElapsedTime(_shown) >= Interval)
        {
            _shown = TimeProvider.System.GetTimestamp();
            _line.Show($"{_done}/{cases}{(_red == 0 ? "" : $", {_red} failed")}  {result.Id}");
        }
    }

    public void Clear() => _line.Clear();
}
