using Conformance.Harness.Machines;
using Conformance.Harness.Model;

namespace Conformance.Harness.Generation;

/// <summary>
/// Makes random operation sequences. It looks at the model's state to choose operations that mean something, most of them valid
/// and a fraction not; after every few it looks at what user space can see.
/// </summary>
public sealed class SequenceGenerator
{
    private readonly Draw _draw;
    private readonly ObjectOperations _objects;
    private readonly AttachOperations _attach;
    private readonly UserOperations _user;
    private readonly List<ProgramSketch> _sketches = [];
    private readonly List<Operation> _operations = [];
    private readonly int _seed;
    private ModelState _state;

    private SequenceGenerator(int seed, int cpus)
    {
        _seed = seed;
        _draw = new Draw(seed);
        var alphabet = _draw.Of(Alphabets.All);
        _objects = new ObjectOperations(_draw, alphabet);
        _attach = new AttachOperations(_draw, alphabet);
        _user = new UserOperations(_draw, alphabet);
        _state = ModelState.Empty(cpus, []);
    }

    /// <summary>The sequence of a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="length">About how many operations, besides those that set the scene and look around at the end.</param>
    /// <param name="cpus">CPUs of the machine it is for.</param>
    public static OperationSequence Generate(int seed, int length, int cpus = 2) =>
        new SequenceGenerator(seed, cpus).Generate(length);

    private OperationSequence Generate(int length)
    {
        SetTheScene();
        var end = _operations.Count + length;
        while (_operations.Count < end)
        {
            if (Next() is { } operation)
            {
                Perform(operation);
            }

            if (_draw.Chance(25) && _user.Lookup(_state) is { } lookup)
            {
                Perform(lookup);
            }
        }

        foreach (var operation in UserOperations.Survey(_state).ToList())
        {
            Perform(operation);
        }

        return new OperationSequence(_seed, _state.Cpus, _sketches, _operations);
    }

    private void SetTheScene()
    {
        for (var i = _draw.Between(2, 4); i > 0; i--)
        {
            Perform(_objects.CreateCgroup(_state));
        }

        for (var i = _draw.Between(1, 3); i > 0; i--)
        {
            Perform(_objects.CreateMap());
        }

        for (var i = _draw.Between(2, 5); i > 0; i--)
        {
            Perform(Load());
        }
    }

    private Operation? Next() =>
        _draw.Weighted<Func<Operation?>>(
            (26, () => _attach.Fire(_state)),
            (16, () => _attach.Attach(_state)),
            (7, () => _attach.Detach(_state)),
            (4, () => _attach.Replace(_state)),
            (5, () => _attach.Link(_state)),
            (3, () => _attach.UpdateLink(_state)),
            (2, () => _attach.DetachLink(_state)),
            (2, () => _attach.CloseLink(_state)),
            (4, () => _attach.Query(_state)),
            (8, () => _user.Update(_state)),
            (7, () => _user.NextKey(_state)),
            (1, () => _user.Delete(_state)),
            (1, () => _user.Take(_state)),
            (5, Load),
            (2, _objects.CreateMap),
            (2, () => _objects.CreateCgroup(_state)),
            (2, () => _objects.RemoveCgroup(_state)),
            (2, () => _objects.TestRun(_state)),
            (1, () => _objects.CloseProgram(_state)),
            (1, () => _draw.Chance(40) ? _objects.CloseMap(_state) : null),
            (1, () => _draw.Chance(40) ? _objects.FreezeMap(_state) : null)
        )();

    private ProgLoad? Load()
    {
        if (_objects.Sketch(_state) is not { } sketch)
        {
            return null;
        }

        _sketches.Add(sketch);
        _state = _state with { Sketches = _state.Sketches.Add(sketch.Name, sketch) };
        return SketchSource.Load(sketch);
    }

    private void Perform(Operation? operation)
    {
        if (operation is not null)
        {
            (_state, _) = LocalStorageModel.Step(_state, operation);
            _operations.Add(operation);
        }
    }
}
