using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>One operation of a case, and what it must show.</summary>
public sealed record Step
{
    /// <summary>Place in the vector's <c>steps</c>, from 0; -1 for what is made before the first step.</summary>
    public required int Index { get; init; }

    /// <summary>JSON pointer of the step, or of the object that is made, in the vector's file.</summary>
    public required string Pointer { get; init; }

    /// <summary>Name of the operation, for instance <c>map_lookup_elem</c>.</summary>
    public required string Op { get; init; }

    /// <summary>The operation. For a <see cref="Machines.Parallel"/> its operations stand in <see cref="Tracks"/> again, with what they expect.</summary>
    public required Operation Operation { get; init; }

    /// <summary>What it must show; empty where it must just succeed.</summary>
    public IReadOnlyList<Expectation> Expectations { get; init; } = [];

    /// <summary>The tracks of a parallel operation, else empty.</summary>
    public IReadOnlyList<StepTrack> Tracks { get; init; } = [];

    /// <summary>Whether it is repeated until what it expects holds.</summary>
    public bool Eventually { get; init; }

    /// <summary>Whether its time is spent waiting, for the kernel to finish something or for another track, and not on the step's own work.</summary>
    public bool Waits => Eventually || Tracks.Any(track => track.Steps.Any(step => step.Operation is Await));

    /// <summary>Why the step is there, where the vector says so.</summary>
    public string? Why { get; init; }

    /// <summary>
    /// For an update of a per-CPU map by fields: bytes of one CPU's area. The operation's value is then as long as the fields
    /// need and is padded with zero areas to the machine's number of CPUs; see <see cref="OperationFor"/>.
    /// </summary>
    public int? AreaSize { get; init; }

    /// <summary>The operation as one line of text.</summary>
    public string Text => OperationText.Of(Operation);

    /// <summary>The operation as it goes to a machine with this many CPUs.</summary>
    public Operation OperationFor(int cpus)
    {
        if (Tracks.Count > 0)
            return new Machines.Parallel([.. Tracks.Select(track => track.For(cpus))]);
        if (AreaSize is not { } area || Operation is not MapUpdateElem update || update.Value.Length >= area * cpus)
            return Operation;
        var value = new byte[area * cpus];
        update.Value.CopyTo(value, 0);
        return update with { Value = value };
    }
}

/// <summary>One track of a parallel step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Steps">Its operations with what they expect.</param>
public sealed record StepTrack(string Name, IReadOnlyList<Step> Steps)
{
    internal Track For(int cpus) => new(Name, [.. Steps.Select(step => step.OperationFor(cpus))]);
}
