namespace Conformance.Harness.Reporting;

/// <summary>
/// Collects results as they come and streams each at once, so that what was found survives whatever happens later. For one thread.
/// </summary>
public sealed class RunRecorder
{
    private readonly RunHeader _header;
    private readonly IReadOnlyList<JsonLines> _streams;
    private readonly List<CaseRecord> _results = [];

    /// <summary>Starts a record.</summary>
    /// <param name="streams">Where to write JSON Lines; the caller owns them.</param>
    public RunRecorder(RunHeader header, IEnumerable<TextWriter> streams)
    {
        _header = header;
        _streams = [.. streams.Select(stream => new JsonLines(stream))];
        foreach (var stream in _streams)
        {
            stream.Write(header);
        }
    }

    /// <summary>Writes a run that is over as a stream of its own.</summary>
    public static void Write(RunRecord run, TextWriter stream)
    {
        var recorder = new RunRecorder(run.Header, [stream]);
        foreach (var result in run.Results)
        {
            recorder.Add(result);
        }

        recorder.Finish(run.Interrupted, run.StaleExpectations);
    }

    /// <summary>Adds a result.</summary>
    public void Add(CaseRecord result)
    {
        _results.Add(result);
        foreach (var stream in _streams)
        {
            stream.Write(result);
        }
    }

    /// <summary>Ends the record.</summary>
    /// <param name="interrupted">Whether that is before the last case.</param>
    /// <param name="stale">Entries of a file of expectations that list no case.</param>
    public RunRecord Finish(bool interrupted, IReadOnlyList<string>? stale = null)
    {
        var record = new RunRecord(_header, [.. _results], interrupted) { StaleExpectations = stale ?? [] };
        foreach (var stream in _streams)
        {
            stream.WriteEnd(record);
        }

        return record;
    }
}
