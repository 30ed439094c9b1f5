using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Conformance.Tests.Snapshots;

/// <summary>The public surface of an assembly as text, in an order that depends on nothing but names.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Heading(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Heading(Type type)
    {
        var kind =
            typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        var inherited = new List<Type>();
        if (type.BaseType is { } parent && parent != typeof(object) && type.IsClass && kind != "delegate")
        {
            inherited.Add(parent);
        }

        // Interfaces that a base or another interface brings along, or that every record and enum has, say nothing.
        var own = type.IsEnum ? [] : type.GetInterfaces().Where(i => i.IsPublic && i.Name != "IEquatable`1");
        inherited.AddRange(own.OrderBy(ApiName.Of, StringComparer.Ordinal));
        var list = inherited.Count == 0 ? "" : " : " + string.Join(", ", inherited.Select(ApiName.Of));
        return $"{kind} {type.Namespace}.{ApiName.Of(type)}{list}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            // By value, so that order is meaning; padded, so that order of text is order of value.
            return Enum.GetValuesAsUnderlyingType(type)
                .Cast<object>()
                .Zip(Enum.GetNames(type), (value, name) => $"{value, 6} {name}");
        }

        return
        [
            .. type.GetConstructors(Declared).Where(IsVisible).Select(c => $"new({Parameters(c)})"),
            .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(Field),
            .. type.GetProperties(Declared).Where(IsVisible).Select(Property),
            .. type.GetMethods(Declared).Where(IsOwn).Select(Method),
        ];
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(PropertyInfo property) =>
        property.Name != "EqualityContract" && property.GetAccessors(nonPublic: true).Any(IsVisible);

    /// <summary>Not what the compiler makes: accessors, and a record's equality and printing.</summary>
    private static bool IsOwn(MethodInfo method) =>
        IsVisible(method)
        && !method.IsDefined(typeof(CompilerGeneratedAttribute))
        && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !method.Name.StartsWith('<');

    private static string Field(FieldInfo field)
    {
        var kind =
            field.IsLiteral ? "const "
            : field.IsStatic ? "static "
            : "";
        var value = field.IsLiteral ? $" = {field.GetRawConstantValue() ?? "null"}" : "";
        return $"{kind}{field.Name}: {ApiName.Of(field.FieldType)}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = new List<string>();
        if (property.GetMethod is { } get && IsVisible(get))
        {
            accessors.Add("get");
        }

        if (property.SetMethod is { } set && IsVisible(set))
        {
            var isInit = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            accessors.Add(isInit ? "init" : "set");
        }

        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var indices = property.GetIndexParameters();
        var name = indices.Length == 0 ? property.Name : $"this[{string.Join(", ", indices.Select(Parameter))}]";
        var isStatic = property.GetAccessors(nonPublic: true)[0].IsStatic ? "static " : "";
        var type = ApiName.Of(property.PropertyType, new NullabilityInfoContext().Create(property));
        return $"{isStatic}{required}{name}: {type} {{ {string.Join("; ", accessors)} }}";
    }

    private static string Method(MethodInfo method)
    {
        var kind =
            method.IsStatic ? "static "
            : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract "
            : "";
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(ApiName.Of))}>"
            : "";
        var returned = ApiName.Of(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter));
        return $"{kind}{method.Name}{generic}({Parameters(method)}): {returned}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var way =
            parameter.IsOut ? "out "
            : parameter.ParameterType.IsByRef ? "ref "
            : "";
        var optional = parameter.HasDefaultValue ? " = " + (parameter.RawDefaultValue ?? "default") : "";
        var type = ApiName.Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        return $"{way}{parameter.Name}: {type}{optional}";
    }
}
