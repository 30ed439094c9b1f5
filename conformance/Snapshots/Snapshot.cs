using System.Runtime.CompilerServices;
using System.Text;
using DiffEngine;

namespace Conformance.Tests.Snapshots;

/// <summary>
/// Compares a text with the accepted one beside the test, by the conventions of Verify.Xunit: <c>Class.Method.verified.txt</c>, or
/// <c>Class.Method_parameter=value.verified.txt</c>. On a mismatch the text is left as <c>.received.txt</c>; renaming it accepts it.
/// VerifySnapshot.cs is the same seam over the real package.
/// </summary>
internal static class Snapshot
{
    /// <param name="parameters">The values of the test method's parameters, from the first on, where it has any.</param>
    public static async Task Verify(
        string text,
        object?[]? parameters = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string method = ""
    )
    {
        var name = SnapshotName.Of(sourceFile, method, parameters ?? []);
        await Verify(text, Path.Combine(Path.GetDirectoryName(sourceFile)!, name), MayOpenADiffTool);
    }

    /// <param name="path">Folder and name, without <c>.verified.txt</c>.</param>
    internal static async Task Verify(string text, string path, bool openDiffTool)
    {
        var verified = path + ".verified.txt";
        var received = path + ".received.txt";
        var actual = Normalise(text);
        var expected = File.Exists(verified) ? Normalise(await File.ReadAllTextAsync(verified)) : null;
        if (string.Equals(actual, expected, StringComparison.Ordinal))
        {
            File.Delete(received);
            return;
        }

        await File.WriteAllTextAsync(received, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (openDiffTool)
        {
            await DiffRunner.LaunchAsync(received, verified);
        }

        throw new SnapshotMismatchException(Explain(verified, received, expected, actual));
    }

    private static bool MayOpenADiffTool =>
        !DiffRunner.Disabled && Environment.GetEnvironmentVariable("CI") is null or "" or "false";

    /// <summary>Line ends as in the repository, and none behind the last line.</summary>
    private static string Normalise(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n');

    private static string Explain(string verified, string received, string? expected, string actual)
    {
        var file = Path.GetFileName(verified);
        var heading = expected is null
            ? $"There is no snapshot {file} yet. This is what the test produced:"
            : $"The text differs from {file} (- accepted, + received):";
        var body = LineDiff.Between(expected ?? "", actual);
        return $"{heading}\n\n{body}\nTo accept: mv '{received}' '{verified}'";
    }
}
