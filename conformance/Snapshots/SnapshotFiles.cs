using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Conformance.Tests.Snapshots;

/// <summary>The snapshot files there are, and the names that tests ask for.</summary>
internal static class SnapshotFiles
{
    private const string Ending = ".verified.txt";

    /// <summary>Verified files below the test project, without ending, as <c>namespace/Class.Method</c>.</summary>
    public static IEnumerable<string> Present()
    {
        var root = ProjectFolder();
        return Directory
            .EnumerateFiles(root, "*" + Ending, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file)[..^Ending.Length].Replace('\\', '/'))
            .Where(file => file.Split('/')[0] is not ("bin" or "obj"));
    }

    /// <summary>The names that some test method verifies; a theory has one for every row of its data.</summary>
    public static IEnumerable<string> Asked()
    {
        var tests = typeof(SnapshotFiles).Assembly.GetTypes().SelectMany(type => type.GetMethods());
        foreach (var test in tests.Where(test => SnapshotName.IsTest(test) && CallsSnapshot(test)))
        {
            var folder = Folder(test.DeclaringType!);
            foreach (var row in Rows(test))
            {
                yield return folder + SnapshotName.Of(test, row);
            }
        }
    }

    private static IEnumerable<object?[]> Rows(MethodInfo test) =>
        test.GetParameters().Length == 0
            ?
            [
                [],
            ]
            : test.GetCustomAttributes<Xunit.Sdk.DataAttribute>().SelectMany(data => data.GetData(test));

    /// <summary>Folders are namespaces.</summary>
    private static string Folder(Type type)
    {
        var below = type.Namespace!["Conformance.Tests".Length..].TrimStart('.');
        return below.Length == 0 ? "" : below.Replace('.', '/') + "/";
    }

    /// <summary>Whether the method, or the state machine an async method compiles to, contains a call of the seam.</summary>
    private static bool CallsSnapshot(MethodInfo test)
    {
        var machine = test.GetCustomAttribute<AsyncStateMachineAttribute>()?.StateMachineType;
        var body = machine?.GetMethod("MoveNext", BindingFlags.NonPublic | BindingFlags.Instance) ?? test;
        var code = body.GetMethodBody()?.GetILAsByteArray() ?? [];
        var seam = typeof(Snapshot).GetMethods().Single(method => method.Name == nameof(Snapshot.Verify));
        var call = (byte)OpCodes.Call.Value;
        for (var at = 0; at + sizeof(int) < code.Length; at++)
        {
            if (code[at] == call && BitConverter.ToInt32(code, at + 1) == seam.MetadataToken)
            {
                return true;
            }
        }

        return false;
    }

    private static string ProjectFolder([CallerFilePath] string here = "") =>
        Path.GetDirectoryName(Path.GetDirectoryName(here))!;
}
