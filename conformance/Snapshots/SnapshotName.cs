using System.Reflection;

namespace Conformance.Tests.Snapshots;

/// <summary>How Verify names a snapshot: class, method, and the parameters by name and value.</summary>
internal static class SnapshotName
{
    private const BindingFlags AnyMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The name for a call in <paramref name="sourceFile"/>, which must be named after the test class.</summary>
    public static string Of(string sourceFile, string method, IReadOnlyList<object?> parameters)
    {
        var className = Path.GetFileNameWithoutExtension(sourceFile);
        var test =
            typeof(SnapshotName)
                .Assembly.GetTypes()
                .Where(type => type.Name == className && !type.IsNested)
                .Select(type => type.GetMethod(method, AnyMethod))
                .FirstOrDefault(candidate => candidate is not null && IsTest(candidate))
            ?? throw new InvalidOperationException(
                $"Snapshots are verified by the test method itself, in a file named after its class: {className}.{method} is none."
            );
        return Of(test, parameters);
    }

    /// <summary>The name for a test method run with these parameters.</summary>
    public static string Of(MethodInfo test, IReadOnlyList<object?> parameters)
    {
        var names = test.GetParameters();
        if (parameters.Count > names.Length)
        {
            throw new ArgumentException($"{test.Name} has only {names.Length} parameters.", nameof(parameters));
        }

        var suffix = string.Concat(parameters.Select((value, index) => $"_{names[index].Name}={Text(value)}"));
        return $"{test.DeclaringType!.Name}.{test.Name}{suffix}";
    }

    public static bool IsTest(MethodInfo method) => method.GetCustomAttribute<FactAttribute>() is not null;

    /// <summary>As Verify writes a value into a file name: what no file system takes becomes a hyphen.</summary>
    private static string Text(object? value)
    {
        const string Forbidden = "\"\\<>|:*?/";
        var text = value?.ToString() ?? "null";
        return string.Concat(text.Select(c => char.IsControl(c) || Forbidden.Contains(c) ? '-' : c));
    }
}
