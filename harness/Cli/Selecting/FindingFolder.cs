using Conformance.Harness.Fuzzing;

namespace Conformance.Cli.Selecting;

/// <summary>The folder of <c>--save</c>.</summary>
internal sealed class FindingFolder
{
    private readonly string _path;

    private FindingFolder(string path) => _path = path;

    /// <summary>Opens the folder, before anything runs; null where none is asked for.</summary>
    /// <param name="path">What the user named.</param>
    /// <param name="problem">Why it cannot be used, or null.</param>
    public static FindingFolder? Open(string? path, out string? problem)
    {
        problem = null;
        if (path is null)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(path);
            // Whether files can be made in it shows only by making one.
            using var probe = new FileStream(
                Path.Combine(path, $".probe-{Environment.ProcessId}"),
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    Options = FileOptions.DeleteOnClose,
                }
            );
            return new FindingFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"--save {path}: {e.Message}";
            return null;
        }
    }

    /// <summary>Writes a finding; its path.</summary>
    public string Save(Finding finding)
    {
        var file = Path.Combine(_path, finding.Name + ".json");
        var folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_path)));
        File.WriteAllText(file, finding.File($"{folder}.{finding.Name}"));
        return file;
    }
}
