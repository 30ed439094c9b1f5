using System.CommandLine;
using System.Text;
using Conformance.Harness.Reporting;

namespace Conformance.Cli.Selecting;

/// <summary>A report asked for with <c>--report FORMAT=FILE</c>. The file is opened before the run, so that a bad path costs no run.</summary>
internal sealed class ReportTarget : IDisposable
{
    private const string Json = "json";
    private const string JUnit = "junit";
    private const string JsonLines = "jsonl";

    private readonly string _format;
    private readonly StreamWriter _writer;

    private ReportTarget(string format, string file)
    {
        _format = format;
        _writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            NewLine = "\n",
        };
    }

    public static Option<string[]> Option() =>
        new("--report")
        {
            Description =
                "Write a report: json=FILE, junit=FILE, or jsonl=FILE (written as results come). May be given again.",
            HelpName = "FORMAT=FILE",
        };

    /// <summary>Opens all reports; null after saying what is wrong.</summary>
    public static IReadOnlyList<ReportTarget>? Open(IReadOnlyList<string> options, Terminal terminal)
    {
        var targets = new List<ReportTarget>();
        foreach (var option in options)
        {
            var (format, file) = option.IndexOf('=') is > 0 and var at
                ? (option[..at], option[(at + 1)..])
                : (option, "");
            try
            {
                if (format is not (Json or JUnit or JsonLines) || file.Length == 0)
                {
                    terminal.Refuse($"--report {option}: expected json=FILE, junit=FILE or jsonl=FILE");
                }
                else
                {
                    targets.Add(new ReportTarget(format, file));
                    continue;
                }
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                terminal.Refuse($"--report {option}: {unwritable.Message}");
            }

            targets.ForEach(target => target.Dispose());
            return null;
        }

        return targets;
    }

    /// <summary>Where results go as they come; null for reports made at the end.</summary>
    public TextWriter? Stream => _format == JsonLines ? _writer : null;

    /// <summary>Writes what is made at the end.</summary>
    public void Write(RunRecord run)
    {
        switch (_format)
        {
            case Json:
                JsonReport.Write(run, _writer);
                break;
            case JUnit:
                JUnitReport.Write(run, _writer);
                break;
        }
    }

    public void Dispose() => _writer.Dispose();
}
