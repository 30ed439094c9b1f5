using System.Text;

namespace Conformance.Cli.Selecting;

/// <summary>
/// The file of a report that is made at the end. It is written beside its place and moved there when complete, so that a run that is
/// killed costs no earlier report. What is no regular file (a pipe, a device) is written in place.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private readonly string _place;
    private readonly string? _temporary;
    private readonly FileStream _stream;

    /// <summary>Opens it; throws what opening a file throws, so that a bad path costs no run.</summary>
    public ReportFile(string file, bool atOnce)
    {
        _place = Resolved(file);
        var mode = atOnce ? FileMode.Create : FileMode.Open;
        if (atOnce || File.Exists(_place) || Directory.Exists(_place))
        {
            _stream = new FileStream(_place, mode, FileAccess.Write);
            if (atOnce || !IsRegular(_stream, _place))
            {
                Writer = TextOf(_stream);
                return;
            }

            _stream.Dispose();
        }

        _temporary = Path.Combine(
            Path.GetDirectoryName(_place)!,
            $".{Path.GetFileName(_place)}.{Path.GetRandomFileName()}"
        );
        _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write);
        Writer = TextOf(_stream);
        if (File.Exists(_place) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_place));
        }
    }

    public StreamWriter Writer { get; }

    /// <summary>The same for all names of a file.</summary>
    public static string Resolved(string file)
    {
        var full = Path.GetFullPath(file);
        var info = new FileInfo(full);
        return IsSpecial(full) || info.LinkTarget is null
            ? full
            : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
    }

    /// <summary>Puts the complete report into its place.</summary>
    public void Complete()
    {
        Writer.Dispose();
        if (_temporary is not null)
        {
            File.Move(_temporary, _place, overwrite: true);
        }
    }

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // What could not be written was said when it was tried.
            _stream.Dispose();
        }

        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    private static StreamWriter TextOf(FileStream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };

    // Devices seek like files do; only their place tells them apart.
    private static bool IsRegular(FileStream stream, string place) => stream.CanSeek && !IsSpecial(place);

    private static bool IsSpecial(string place) =>
        place.StartsWith("/dev/", StringComparison.Ordinal) && !place.StartsWith("/dev/shm/", StringComparison.Ordinal)
        || place.StartsWith("/proc/", StringComparison.Ordinal);
}
