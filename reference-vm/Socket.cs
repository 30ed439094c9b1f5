using Conformance.ReferenceVm.Cgroups;

namespace Conformance.ReferenceVm;

/// <summary>A socket: for life it belongs to the cgroup of the task that made it, or to that of the socket that accepted it.</summary>
/// <param name="Cgroup">The cgroup.</param>
internal sealed record Socket(Cgroup Cgroup);
