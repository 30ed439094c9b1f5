using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace Conformance.AdapterKit;

/// <summary>A member of an operation that need not be given.</summary>
/// <param name="Property">It.</param>
/// <param name="Default">What it says where it is not.</param>
internal sealed record OptionalMember(PropertyInfo Property, object? Default)
{
    public string Name => Property.Name;

    /// <summary>Its name in PROTOCOL.md.</summary>
    public string WireName =>
        Name switch
        {
            "Extra" => "map_extra",
            "ExclusiveProgramHash" => "excl_prog_hash",
            _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(Name),
        };

    /// <summary>Those of a kind of operation: what its constructor has a default for, or does not ask for at all.</summary>
    public static IReadOnlyList<OptionalMember> Of(Type operation)
    {
        var parameters = operation.GetConstructors()[0].GetParameters();
        return
        [
            .. operation
                .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => property.CanWrite)
                .Select(property => (property, parameter: Array.Find(parameters, one => one.Name == property.Name)))
                .Where(pair => pair.parameter is null or { HasDefaultValue: true })
                .Select(pair => new OptionalMember(
                    pair.property,
                    pair.parameter?.DefaultValue
                        ?? (
                            pair.property.PropertyType.IsValueType
                                ? Activator.CreateInstance(pair.property.PropertyType)
                                : null
                        )
                )),
        ];
    }

    /// <summary>Whether an operation says something there.</summary>
    public bool IsSaidBy(object operation)
    {
        var value = Property.GetValue(operation);
        return value is ICollection collection ? collection.Count > 0 : !Equals(value, Default);
    }
}
