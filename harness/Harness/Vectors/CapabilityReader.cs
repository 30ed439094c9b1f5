using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>Reads <c>without</c>: the capabilities that a caller of bpf(2) lacks.</summary>
internal static class CapabilityReader
{
    public static IReadOnlyList<Capability> Read(LocatedNode? list, ErrorSink errors) =>
        list is null ? [] : [.. list.Items(errors).Select(item => One(item, errors))];

    private static Capability One(LocatedNode node, ErrorSink errors)
    {
        switch (node.String(errors))
        {
            case "bpf":
                return Capability.Bpf;
            case "perfmon":
                return Capability.Perfmon;
            case "net_admin":
                return Capability.NetAdmin;
            case { } other:
                errors.Add(node, $"unknown capability \"{other}\": expected bpf, perfmon or net_admin");
                return default;
            default:
                return default;
        }
    }
}
