using Conformance.Harness.Machines;
using Conformance.Linux;
using Conformance.ReferenceVm;

namespace Conformance.Cli;

/// <summary>The machines that come with the suite.</summary>
internal static class Machines
{
    public const string Default = "reference";

    private const long CheckedRun = 2_000_000;

    // Two programs in a thousand are refused only after the full million; most of the time would go into them.
    private const int CheckedWalk = 100_000;
    private const long CheckedArena = 64 << 20;

    // Nanoseconds between two readings.
    private const ulong ClockStep = 1_000;

    public static IReadOnlyDictionary<string, Func<IVirtualMachine>> Known { get; } =
        new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal)
        {
            [Default] = static () => new ReferenceVirtualMachine(),
            ["linux"] = static () =>
                LinuxVirtualMachine.TryOpen(out var machine) is { } missing
                    ? throw new MachineUnavailableException($"the live kernel cannot be used: {missing}")
                    : machine!,
        };

    /// <summary>The reference VM with every access checked, for many small programs.</summary>
    public static ReferenceVirtualMachine CheckedReference() =>
        new(
            Behaviour.Latest with
            {
                Open = new OpenChoices { StackByte = 0xa5, ClockStep = ClockStep },
            },
            new Limits
            {
                RunInstructions = CheckedRun,
                VerifiedInstructions = CheckedWalk,
                ArenaSize = CheckedArena,
            },
            isChecked: true
        );

    /// <summary>
    /// The reference VM with a clock that counts its readings, so that a seed always shows the same; with the kernel version and the CPUs of another
    /// machine where there is one.
    /// </summary>
    public static ReferenceVirtualMachine RepeatableReference(MachineIdentity? other = null)
    {
        var limits = new Limits { RunInstructions = ReferenceVirtualMachine.RunInstructions };
        var behaviour = other?.Kernel is { } kernel ? Behaviour.For(kernel) : Behaviour.Latest;
        return new ReferenceVirtualMachine(
            behaviour with
            {
                Open = new OpenChoices { ClockStep = ClockStep },
            },
            other is null ? limits : limits with { PossibleCpus = other.Cpus }
        );
    }
}
