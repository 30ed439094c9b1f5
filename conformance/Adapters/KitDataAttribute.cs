using System.Reflection;
using Xunit.Sdk;

namespace Conformance.Tests.Adapters;

/// <summary>The kit of one language; skipped, saying so, where what it needs is not installed.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class KitDataAttribute : DataAttribute
{
    private readonly string _language;

    /// <param name="language">As <c>new-adapter</c> calls it.</param>
    /// <param name="commands">What must be installed.</param>
    public KitDataAttribute(string language, params string[] commands)
    {
        _language = language;
        if (Array.Find(commands, command => !IsInstalled(command)) is { } missing)
            Skip = $"there is no command {missing}";
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [
            [_language],
        ];

    private static bool IsInstalled(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, command)));
}
