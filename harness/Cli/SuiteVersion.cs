using System.Reflection;

namespace Conformance.Cli;

/// <summary>The version of the suite, without the commit that build tools append.</summary>
internal static class SuiteVersion
{
    public static string Text { get; } =
        typeof(SuiteVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
