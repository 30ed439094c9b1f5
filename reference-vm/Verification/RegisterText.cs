namespace Conformance.ReferenceVm.Verification;

/// <summary>A register's state as the kernel's log writes it: <c>scalar(umax=255)</c>, <c>map_value(off=8)</c>, <c>fp-16</c>.</summary>
internal static class RegisterText
{
    public static string Of(in RegisterState register)
    {
        if (register.IsScalar && register.Value.IsConstant)
            return $"{(long)register.Value.Bits.Value}";
        var offset = register.Offset;
        if (register.Type == RegisterType.Stack && register.Value.IsConstant)
            return offset == 0 ? "fp0" : $"fp{offset}";
        var parts = new List<string>();
        if (register.Id != 0)
            parts.Add($"id={register.Id}");
        if (register.Map is { } map)
            parts.Add($"map={map.Definition.Name}");
        if (offset != 0)
            parts.Add($"off={offset}");
        if (register.Type == RegisterType.Packet)
            parts.Add($"r={register.Range}");
        AddRange(parts, register.Value);
        return parts.Count == 0 ? $"{register.Type.Word()}()" : $"{register.Type.Word()}({string.Join(',', parts)})";
    }

    private static void AddRange(List<string> parts, in Scalar value)
    {
        if (value.IsExactly(0))
            return;
        if (value.Wide.SMin != long.MinValue)
            parts.Add($"smin={value.Wide.SMin}");
        if (value.Wide.SMax != long.MaxValue)
            parts.Add($"smax={value.Wide.SMax}");
        if (value.Wide.UMin != 0)
            parts.Add($"umin={value.Wide.UMin}");
        if (value.Wide.UMax != ulong.MaxValue)
            parts.Add($"umax={value.Wide.UMax}");
        if (value.Bits != Tnum.Unknown)
            parts.Add($"var_off={value.Bits}");
    }
}
