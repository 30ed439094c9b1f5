using Conformance.Harness.Machines;
using Conformance.Linux;

namespace Conformance.Cli;

/// <summary>The machines that come with the suite.</summary>
internal static class Machines
{
    public const string Default = "reference";

    public static IReadOnlyDictionary<string, Func<IVirtualMachine>> Known { get; } =
        new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal)
        {
            [Default] = static () => new ReferenceVirtualMachine(),
            ["linux"] = static () =>
                LinuxVirtualMachine.TryOpen(out var machine) is { } missing
                    ? throw new MachineUnavailableException($"the live kernel cannot be used: {missing}")
                    : machine!,
        };
}
