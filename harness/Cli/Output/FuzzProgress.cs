using System.Diagnostics;
using Conformance.Harness.Fuzzing;

namespace Conformance.Cli.Output;

/// <summary>How far a campaign is: a line rewritten in place where somebody watches, else one now and then.</summary>
internal sealed class FuzzProgress(Terminal terminal, string what, CampaignBounds bounds)
{
    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Unwatched = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly StatusLine _line = new(terminal);
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _shown = Stopwatch.GetTimestamp();
    private long _done;

    public void Advance(long done)
    {
        lock (_gate)
        {
            _done = Math.Max(_done, done);
            if (Stopwatch.GetElapsedTime(_shown) >= (terminal.Watched ? Watched : Unwatched))
            {
                _shown = Stopwatch.GetTimestamp();
                Show();
            }
        }
    }

    /// <summary>Says how many there were, and how fast.</summary>
    public void End()
    {
        _line.Clear();
        terminal.Out.WriteLine(Line());
    }

    private void Show()
    {
        if (terminal.Watched)
        {
            _line.Show(Line());
        }
        else
        {
            terminal.Error.WriteLine(Line());
        }
    }

    private string Line()
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        var rate = _done / Math.Max(elapsed.TotalSeconds, 1e-3);
        var goal =
            bounds.Count is { } count ? $"/{count}"
            : bounds.Time is { } time ? $" in {elapsed.TotalSeconds:F0} of {time.TotalSeconds:F0} s"
            : "";
        return $"{_done}{goal} {what}, {rate:F0}/s";
    }
}
