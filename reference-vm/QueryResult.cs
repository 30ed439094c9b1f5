using Conformance.ReferenceVm.Cgroups;

namespace Conformance.ReferenceVm;

/// <summary>The answer to a query.</summary>
/// <param name="Programs">Program ids in order.</param>
/// <param name="Flags">The mode of the list; none for effective programs.</param>
/// <param name="Revision">The revision of the list; 0 for effective programs.</param>
public sealed record QueryResult(IReadOnlyList<int> Programs, AttachFlags Flags, ulong Revision)
{
    /// <summary>Of a failed query.</summary>
    public static QueryResult Empty { get; } = new([], AttachFlags.None, 0);
}
