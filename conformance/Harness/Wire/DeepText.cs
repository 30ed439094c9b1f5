using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Conformance.Tests.Harness.Wire;

/// <summary>Everything that public properties show, lists and bytes included: what is lost on the way is lost here too.</summary>
internal static class DeepText
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    public static string Of(object? value) =>
        value switch
        {
            null => "null",
            string text => text,
            byte[] bytes => Convert.ToHexStringLower(bytes),
            IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
            _ when value.GetType() is { IsPrimitive: true } or { IsEnum: true } => value.ToString()!,
            _ => $"{value.GetType().Name} {{ {string.Join(", ", Members(value))} }}",
        };

    private static IEnumerable<string> Members(object value) =>
        Properties
            .GetOrAdd(value.GetType(), type => [.. type.GetProperties().Where(property => property.CanWrite)])
            .Select(property => $"{property.Name} = {Of(property.GetValue(value))}");
}
