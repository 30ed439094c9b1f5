using Conformance.Harness.Machines;

namespace Conformance.Cli;

/// <summary>The machines that come with the suite.</summary>
internal static class Machines
{
    public const string Default = "reference";

    public static IReadOnlyDictionary<string, Func<IVirtualMachine>> Known { get; } =
        new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal)
        {
            [Default] = static () => new ReferenceVirtualMachine(),
        };
}
