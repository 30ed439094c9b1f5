using System.CommandLine;
using Conformance.Harness.Reporting;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Selecting;

/// <summary>A report asked for with <c>--report FORMAT=FILE</c>. The file is opened before the run, so that a bad path costs no run.</summary>
internal sealed class ReportTarget : IDisposable
{
    private static readonly string Names = string.Join(
        ", ",
        ReportFormat.All.Select(format => format.Name).Append(ReportFormat.Stream)
    );

    private readonly string _format;
    private readonly string _path;
    private readonly ReportFile _file;
    private readonly PatientWriter? _stream;

    private ReportTarget(string format, string path)
    {
        _format = format;
        _path = path;
        _file = new ReportFile(path, atOnce: format == ReportFormat.Stream);
        _stream = format == ReportFormat.Stream ? new PatientWriter(_file.Writer) : null;
    }

    public static Option<string[]> Option() =>
        new("--report")
        {
            Description =
                $"Write a report. FORMAT is one of {Names} ({ReportFormat.Stream} is written as results come). May be given again.",
            HelpName = "FORMAT=FILE",
        };

    /// <summary>Opens all reports; null after saying what is wrong.</summary>
    public static IReadOnlyList<ReportTarget>? Open(IReadOnlyList<string> options, Terminal terminal)
    {
        var targets = new List<ReportTarget>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            if (Problem(option, targets, places) is { } problem)
            {
                terminal.Refuse($"--report {option}: {problem}");
                targets.ForEach(target => target.Dispose());
                return null;
            }
        }

        return targets;
    }

    private static string? Problem(string option, List<ReportTarget> targets, Dictionary<string, string> places)
    {
        var (format, file) = option.IndexOf('=') is > 0 and var at ? (option[..at], option[(at + 1)..]) : (option, "");
        if (format != ReportFormat.Stream && ReportFormat.Find(format) is null || file.Length == 0)
        {
            return $"expected FORMAT=FILE, where FORMAT is one of {Names}";
        }

        try
        {
            var place = ReportFile.Resolved(file);
            if (!places.TryAdd(place, option))
            {
                return $"the same file as --report {places[place]}";
            }

            targets.Add(new ReportTarget(format, file));
            return null;
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            return FileProblem.Of(unwritable, file);
        }
    }

    /// <summary>Where results go as they come; null for reports made at the end.</summary>
    public TextWriter? Stream => _stream;

    /// <summary>Writes what is made at the end, and completes the file.</summary>
    /// <returns>Why there is no such report; null where it was written.</returns>
    public string? Write(RunRecord run, VectorSet suite)
    {
        try
        {
            ReportFormat.Find(_format)?.Write([new ReportedRun(run, run.Header.Vm.Name)], suite, _file.Writer);

            if (_stream?.Failure is null)
            {
                _file.Complete();
            }
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            return Text(unwritable);
        }

        return _stream?.Failure is { } failure ? Text(failure) : null;
    }

    public void Dispose() => _file.Dispose();

    private string Text(Exception unwritable) => $"--report {_format}={_path}: {FileProblem.Of(unwritable, _path)}";
}
