using Conformance.Harness.Machines;
using Parallel = Conformance.Harness.Machines.Parallel;

namespace Conformance.Mutants.Seams;

/// <summary>A right machine behind an alteration that makes it wrong.</summary>
internal sealed class AlteredMachine(IVirtualMachine right, Alteration wrong) : IVirtualMachine
{
    private readonly World _world = new(right);

    public MachineIdentity Identity => right.Identity;

    public Answer Perform(Operation operation)
    {
        wrong.Before(operation, _world);
        var answer = wrong.Instead(operation, _world) ?? Altered(operation);
        _world.Note(operation, answer);
        return answer;
    }

    public void Reset()
    {
        _world.Clear();
        right.Reset();
    }

    public void Dispose() => right.Dispose();

    private Answer Altered(Operation operation)
    {
        if (operation is not Parallel parallel)
        {
            return wrong.Answers(operation, right.Perform(wrong.Asks(operation, _world)), _world);
        }

        var tracks = parallel.Tracks.Select(track =>
            track with
            {
                Operations = [.. track.Operations.Select(each => wrong.Asks(each, _world))],
            }
        );
        var answer = right.Perform(parallel with { Tracks = [.. tracks] });
        return answer.Tracks is null
            ? answer
            : answer with
            {
                Tracks =
                [
                    .. answer.Tracks.Zip(
                        parallel.Tracks,
                        (answers, track) =>
                            (IReadOnlyList<Answer>)
                                [.. answers.Zip(track.Operations, (one, asked) => wrong.Answers(asked, one, _world))]
                    ),
                ],
            };
    }
}
