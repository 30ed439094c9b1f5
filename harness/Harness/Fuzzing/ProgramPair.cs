using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;

namespace Conformance.Harness.Fuzzing;

/// <summary>Tries random programs on a machine under test and on the machine it is held against.</summary>
/// <param name="first">The machine under test. It stays the caller's.</param>
/// <param name="second">The machine it is held against. It stays the caller's.</param>
public sealed class ProgramPair(IVirtualMachine first, IVirtualMachine second) : IDisposable
{
    private readonly ProgramBench _first = new(first);
    private readonly ProgramBench _second = new(second);

    // A difference must come again each time; what chance decides seldom does.
    private const int Confirmations = 8;

    private readonly DeterminismWitness _witness = Witness(first, second, isThorough: false);
    private readonly Lazy<DeterminismWitness> _thorough = new(() => Witness(first, second, isThorough: true));

    /// <summary>Loads the program on both machines and, where both accept it and its result is determined, runs it once on each.</summary>
    public ProgramTrial Try(RandomProgram program)
    {
        var (left, right) = (_first.Load(program), _second.Load(program));
        try
        {
            var trial = new ProgramTrial(program, LoadVerdict.Of(left), LoadVerdict.Of(right), RunComparison.NotRun)
            {
                Problem =
                    ProgramProblem.OfLoad(left, _first.Identity.Name)
                    ?? ProgramProblem.OfLoad(right, _second.Identity.Name),
            };
            return trial.Problem is null && trial.First.Accepted && trial.Second.Accepted ? Run(trial) : trial;
        }
        finally
        {
            Unload(left, _first);
            Unload(right, _second);
        }
    }

    /// <summary>Runs the program once more on the second machine, and writes down what was done and answered. Programs tried afterwards see nothing of it.</summary>
    public IReadOnlyList<Observation> Record(RandomProgram program) => _second.Record(program);

    /// <inheritdoc/>
    public void Dispose()
    {
        _witness.Dispose();
        if (_thorough.IsValueCreated)
        {
            _thorough.Value.Dispose();
        }
    }

    private static DeterminismWitness Witness(IVirtualMachine first, IVirtualMachine second, bool isThorough) =>
        new(second.Identity.Kernel ?? first.Identity.Kernel, second.Identity.Cpus, isThorough);

    private ProgramTrial Run(ProgramTrial trial)
    {
        var witness = _witness.Look(trial.Program);
        if (witness.Run != RunComparison.Same)
        {
            return trial with { Run = witness.Run, Problem = witness.Problem };
        }

        var (left, right) = (_first.Run(trial.Program), _second.Run(trial.Program));
        if (left.Difference(right) is not { } difference)
        {
            return trial with { Run = RunComparison.Same };
        }

        for (var i = 0; i < Confirmations; i++)
        {
            // In another world: ids are not what they were.
            _ = _first.Renew(trial.Program);
            _ = _second.Renew(trial.Program);
            if (
                _thorough.Value.Look(trial.Program).Run != RunComparison.Same
                || _first.Run(trial.Program).Difference(left) is not null
                || _second.Run(trial.Program).Difference(right) is not null
            )
            {
                return trial with { Run = RunComparison.Undetermined };
            }
        }

        var problem = ProgramProblem.Of(difference, _first.Identity.Name, _second.Identity.Name);
        var isGarbage = HangsOnOldStack(trial.Program, right);
        var contradicts = !isGarbage && SecondContradictsItself(trial.Program, left);
        // What was tried on the way may have been refused; the caller closes a program.
        _ = _first.Renew(trial.Program);
        _ = _second.Renew(trial.Program);
        return isGarbage ? trial with { Run = RunComparison.Undetermined }
            : contradicts ? trial with { Run = RunComparison.Contradicted, Contradiction = problem.Text }
            : trial with { Run = RunComparison.Different, Problem = problem };
    }

    // With zeros on the stack both machines show the same, and the second shows something else than before.
    private bool HangsOnOldStack(RandomProgram program, ProgramResult result)
    {
        if (InitialisedProgram.Of(program) is not { } initialised || !AcceptedByBoth(initialised))
        {
            return false;
        }

        var shown = _second.Run(initialised);
        return shown.Difference(result) is not null && _first.Run(initialised).Difference(shown) is null;
    }

    // The first machine shows the same for the program and for the veiled one, the second does not, and then shows what the first does.
    private bool SecondContradictsItself(RandomProgram program, ProgramResult result)
    {
        if (VeiledProgram.Of(program, AcceptedByBoth) is not { } veiled)
        {
            return false;
        }

        _ = _first.Renew(veiled);
        _ = _second.Renew(veiled);
        return _first.Run(veiled).Difference(result) is null && _second.Run(veiled).Difference(result) is null;
    }

    private bool AcceptedByBoth(RandomProgram program) =>
        _first.Renew(program).Kind == AnswerKind.Ok && _second.Renew(program).Kind == AnswerKind.Ok;

    private static void Unload(Answer answer, ProgramBench bench)
    {
        if (answer.Kind == AnswerKind.Ok)
        {
            bench.Unload();
        }
    }
}
