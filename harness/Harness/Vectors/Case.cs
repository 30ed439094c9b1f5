using Conformance.Harness.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>The label of one axis in a case id.</summary>
/// <param name="Axis">Name of the axis.</param>
/// <param name="Label">Its value as it stands in the id, for instance <c>key16</c>.</param>
public readonly record struct AxisLabel(string Axis, string Label);

/// <summary>One case: a vector with a value chosen for each of its axes, ready to run.</summary>
public sealed record Case
{
    /// <summary>The only spelling of the case: <c>pointer.stable-across-runs@cgroup_inet_egress.shared.key16</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The vector it was expanded from.</summary>
    public required Vector Vector { get; init; }

    /// <summary>Its place on each axis, in the order of the vector's axes.</summary>
    public IReadOnlyList<AxisLabel> Labels { get; init; } = [];

    /// <summary>The program type it is about: of the axis, or of all its programs; null where they differ.</summary>
    public ProgramType? ProgramType { get; init; }

    /// <summary>The attach type it is about; null where no axis names one.</summary>
    public AttachType? AttachType { get; init; }

    /// <summary>The cgroups, in the order of the file.</summary>
    public required IReadOnlyList<CgroupCreate> Cgroups { get; init; }

    /// <summary>The maps, in the order of the file.</summary>
    public required IReadOnlyList<MapCreate> Maps { get; init; }

    /// <summary>The programs, in the order of the file.</summary>
    public required IReadOnlyList<CaseProgram> Programs { get; init; }

    /// <summary>What is made before the first step: all of the above that no step makes.</summary>
    public required IReadOnlyList<Step> Setup { get; init; }

    /// <summary>What happens.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>CPUs the case speaks of: a machine with fewer cannot run it.</summary>
    public int CpusNeeded { get; init; } = 1;

    /// <summary>Makes its world and steps as they stand in the file, every placeholder replaced.</summary>
    internal Func<CaseDocument>? Document { get; init; }

    /// <summary>The label of an axis, or null.</summary>
    public string? Label(string axis) =>
        Labels.Where(label => label.Axis == axis).Select(label => label.Label).FirstOrDefault();
}

/// <summary>The parts of a vector's file that belong to a case, every placeholder replaced.</summary>
internal sealed record CaseDocument(LocatedNode Cgroups, LocatedNode Maps, LocatedNode Programs, LocatedNode? Steps);
