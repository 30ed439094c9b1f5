using FsCheck;

namespace Conformance.Tests.Properties;

/// <summary>How often properties are tried.</summary>
internal static class PropertyRuns
{
    private const string Variable = "CONFORMANCE_PROPERTY_FACTOR";

    /// <summary>
    /// A configuration that throws on a counterexample, with its seed in the message. The environment variable
    /// CONFORMANCE_PROPERTY_FACTOR multiplies the number of tries and draws fresh seeds; without it every run is the same.
    /// </summary>
    public static Config Of(int tries)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(tries).WithEndSize(80);
        return int.TryParse(Environment.GetEnvironmentVariable(Variable), out var factor) && factor > 0
            ? config.WithMaxTest(tries * factor)
            : config.WithReplay(20180419, 1234567891);
    }
}
