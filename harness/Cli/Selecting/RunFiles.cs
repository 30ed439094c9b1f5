using Conformance.Harness.Reporting;

namespace Conformance.Cli.Selecting;

/// <summary>Runs that were recorded in files.</summary>
internal static class RunFiles
{
    /// <summary>The run of each file; null after saying what is wrong with one.</summary>
    public static IReadOnlyList<NamedRun>? Read(IEnumerable<string> files, Terminal terminal)
    {
        var runs = new List<NamedRun>();
        foreach (var file in files)
        {
            var load = ReportReader.Read(file);
            if (load.Run is not { } run)
            {
                terminal.Refuse($"{load.Error}");
                return null;
            }

            runs.Add(new NamedRun(file, run));
        }

        return runs;
    }
}
