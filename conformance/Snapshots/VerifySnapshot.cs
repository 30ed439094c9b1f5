// Compiled instead of Snapshot.cs with -p:SnapshotEngine=Verify. UNVERIFIED: the package's core could not be restored from the package
// source in use when this was written, so this file has never been compiled.
using System.Runtime.CompilerServices;

namespace Conformance.Tests.Snapshots;

/// <summary>The snapshot seam over Verify.Xunit.</summary>
internal static class Snapshot
{
    public static Task Verify(
        string text,
        object?[]? parameters = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string method = ""
    )
    {
        _ = method; // Verify learns the method from xunit.
        var settings = new VerifyTests.VerifySettings();
        if (parameters is { Length: > 0 })
        {
            settings.UseParameters(parameters);
        }

        return VerifyXunit.Verifier.Verify(text.ReplaceLineEndings("\n").TrimEnd('\n'), settings, sourceFile);
    }
}
