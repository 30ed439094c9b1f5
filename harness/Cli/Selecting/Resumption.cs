using System.CommandLine;
using Conformance.Harness.Reporting;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Selecting;

/// <summary>The results of a run that did not get to its end, for one that goes on with the rest.</summary>
internal sealed class Resumption
{
    private readonly string _file;
    private readonly RunRecord _run;

    private Resumption(string file, RunRecord run)
    {
        _file = file;
        _run = run;
    }

    public IReadOnlyList<CaseRecord> Results => _run.Results;

    public static Option<string?> Option() =>
        new("--resume")
        {
            Description =
                "Go on with a run that was interrupted or killed: its --report jsonl=FILE. What it had is not run again; the reports hold the whole.",
            HelpName = "FILE",
        };

    /// <summary>Reads the record; null after saying why there is nothing to go on with.</summary>
    /// <param name="reports">The reports that are to be written.</param>
    public static Resumption? Load(
        string file,
        IReadOnlyList<Case> cases,
        IEnumerable<string> reports,
        Terminal terminal
    )
    {
        var load = ReportReader.Read(file);
        if (load.Run is not { } run)
        {
            terminal.Refuse($"--resume {load.Error}");
            return null;
        }

        // Opening it to write would lose what it holds before a new one is complete.
        var place = ReportFile.Resolved(file);
        if (
            reports.FirstOrDefault(report => ReportFile.Resolved(report[(report.IndexOf('=') + 1)..]) == place) is
            { } same
        )
        {
            terminal.Refuse($"--resume {file}: is also --report {same}; write the whole to another file");
            return null;
        }

        var selected = cases.Select(@case => @case.Id).ToHashSet(StringComparer.Ordinal);
        if (run.Results.FirstOrDefault(result => !selected.Contains(result.Id)) is { } foreign)
        {
            terminal.Refuse($"--resume {file}: holds the case {foreign.Id}, which is not selected");
            return null;
        }

        return new Resumption(file, run);
    }

    /// <summary>Why that run is not this one; null where it is.</summary>
    public string? Problem(RunHeader header) =>
        HeaderDifference.Of(_run.Header, header) is { } difference
            ? $"--resume {_file}: that run and this one {difference}"
            : null;
}
