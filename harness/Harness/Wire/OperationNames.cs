using System.Collections.Frozen;
using System.Text.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>Names of operations: those of vectors, which are those of bpf(2).</summary>
public static class OperationNames
{
    private static readonly FrozenDictionary<Type, string> Names = typeof(Operation)
        .Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Operation)))
        .ToFrozenDictionary(type => type, type => JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name));

    /// <summary>All of them.</summary>
    public static IEnumerable<string> All => Names.Values.Order(StringComparer.Ordinal);

    /// <summary>The name of an operation, for instance <c>map_lookup_elem</c>.</summary>
    public static string Of(Operation operation) => Names[operation.GetType()];
}
