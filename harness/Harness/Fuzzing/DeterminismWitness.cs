using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Fuzzing;

/// <summary>What the witness says to a program.</summary>
/// <param name="Run">Same: it is determined, and harmless. Otherwise why it must not be compared.</param>
/// <param name="Problem">A trap: the verifier accepted what it must not accept.</param>
internal readonly record struct WitnessReport(RunComparison Run, ProgramProblem? Problem = null);

/// <summary>
/// Reference machines in checked mode that differ in whatever no rule fixes. A program whose result they do not agree about
/// computes something that no machine can be held to. They run first: a program that traps or does not end there reaches no kernel.
/// </summary>
internal sealed class DeterminismWitness : IDisposable
{
    private const long LongestRun = 2_000_000;

    private static readonly OpenChoices[] Usual =
    [
        new() { RandomSeed = 1, ClockStep = 1_000 },
        new()
        {
            StackByte = 0xc3,
            RandomSeed = 0x1234_5678_9abc_def1,
            ClockOffset = 0x1122_3344_5566,
            ClockStep = 0x0301_0507,
            RootCgroupId = 0x5a3c_69a5_9124,
            AddressOffset = 0x7654_3210_9ab8,
            ContextWord = 0x8765_4321,
            PacketId = 0x3c5a,
        },
    ];

    private const int Others = 12;

    private static readonly OpenChoices[] Thorough =
    [
        // The clock of a repeatable reference machine, and the one a kernel has.
        .. Usual,
        .. Usual.Select(open => open with { ClockStep = 0 }),
        .. Enumerable
            .Range(1, Others)
            .Select(i => new OpenChoices
            {
                StackByte = (byte)(0x1d * i),
                RandomSeed = 0x9e37_79b9_7f4a_7c15 * (ulong)i,
                // The low half goes round its range in even steps.
                ClockOffset = (0x1234_0000_0000 * (ulong)i) + (uint)(0x9e37_79b9 * i),
                RootCgroupId = 0x1e37_79b9_7f4b * (ulong)i,
                AddressOffset = 0x1b2d_3f51_6375_8798 * (ulong)i,
                ContextWord = 0x1357_9bdf * (uint)i,
                PacketId = (ushort)(0x2b47 * i),
            }),
    ];

    private readonly bool _isThorough;
    private readonly ReferenceVirtualMachine[] _machines;
    private readonly ProgramBench[] _benches;

    /// <param name="kernel">The version to model, or null for the newest.</param>
    /// <param name="cpus">Possible CPUs.</param>
    /// <param name="isThorough">Whether more than two machines look: slower, and seldom wrong.</param>
    public DeterminismWitness(string? kernel, int cpus, bool isThorough)
    {
        _isThorough = isThorough;
        var behaviour = kernel is null ? Behaviour.Latest : Behaviour.For(kernel);
        var limits = new Limits
        {
            PossibleCpus = cpus,
            RunInstructions = LongestRun,
            ArenaSize = 64 << 20,
        };
        _machines =
        [
            .. (isThorough ? Thorough : Usual).Select(open => new ReferenceVirtualMachine(
                behaviour with
                {
                    Open = open,
                },
                limits,
                isChecked: true
            )),
        ];
        _benches = [.. _machines.Select(machine => new ProgramBench(machine))];
    }

    public WitnessReport Look(RandomProgram program)
    {
        var results = new List<ProgramResult>();
        foreach (var bench in _benches)
        {
            if (bench.Load(program).Kind != AnswerKind.Ok)
            {
                // Both machines accept it and the reference VM does not: nobody vouches for it.
                return new WitnessReport(RunComparison.Undetermined);
            }

            var result = bench.Run(program);
            bench.Unload();
            if (!_isThorough)
            {
                // Each program meets the same chance, whichever was looked at before.
                bench.Forget();
            }

            if (result.Trap is { } trap)
            {
                return new WitnessReport(RunComparison.Undetermined, ProgramProblem.OfTrap(trap));
            }

            if (result.IsUndefined)
            {
                // Nobody knows what a kernel does then, and some of what it does is harm.
                return new WitnessReport(RunComparison.Undetermined);
            }

            if (result.IsExhausted)
            {
                return new WitnessReport(RunComparison.TooLong);
            }

            results.Add(result);
        }

        return new WitnessReport(
            results.TrueForAll(result => result.Ending == results[0].Ending && result.Difference(results[0]) is null)
                ? RunComparison.Same
                : RunComparison.Undetermined
        );
    }

    public void Dispose()
    {
        foreach (var machine in _machines)
        {
            machine.Dispose();
        }
    }
}
