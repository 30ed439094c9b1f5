using System.Globalization;
using Conformance.Harness.Reporting;

namespace Conformance.Cli.Output;

/// <summary>How fast a run was, apart from the steps that wait for what a kernel does in its own time.</summary>
/// <param name="Cases">Cases that reached a verdict.</param>
/// <param name="Elapsed">From the first case to the last, on however many machines.</param>
/// <param name="Waiting">The part of it that machines spent in steps that wait: with several machines, their average.</param>
internal sealed record RunRate(int Cases, TimeSpan Elapsed, TimeSpan Waiting)
{
    /// <summary>The rate of a run; null where no time has passed or nothing came to a verdict.</summary>
    public static RunRate? Of(RunRecord run, TimeSpan elapsed)
    {
        var (all, waited) = (run.Results.Sum(result => result.DurationMs), run.Results.Sum(result => result.WaitedMs));
        return elapsed > TimeSpan.Zero && run.Summary.Executed > 0
            ? new RunRate(run.Summary.Executed, elapsed, all > 0 ? elapsed * (waited / all) : TimeSpan.Zero)
            : null;
    }

    /// <summary>Cases a second, apart from waiting; null where nothing is left.</summary>
    public double? PerSecond => Elapsed > Waiting ? Cases / (Elapsed - Waiting).TotalSeconds : null;

    /// <summary>One line.</summary>
    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Cases} cases in {Elapsed.TotalSeconds:0.0} s, {Waiting.TotalSeconds:0.0} s of it in steps that wait"
        )
        + (
            PerSecond is { } rate
                ? string.Create(CultureInfo.InvariantCulture, $": {rate:0} cases/s apart from these")
                : ""
        );
}
