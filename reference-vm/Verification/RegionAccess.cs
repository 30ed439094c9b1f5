namespace Conformance.ReferenceVm.Verification;

/// <summary>Bounds of the memory that pointers other than the stack's lead to: map values, the packet, sockets.</summary>
internal static class RegionAccess
{
    private const string SpinLockName = "bpf_spin_lock";
    private const int SpinLockSize = 4;

    // BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG.
    private const uint ReadOnlyForPrograms = 0x80;
    private const uint WriteOnlyForPrograms = 0x100;

    /// <summary>Whether the map's flags let programs read or write its values.</summary>
    public static Refusal? CheckMapPermission(in RegisterState pointer, long offset, int size, bool write)
    {
        var definition = pointer.Map!.Definition;
        var forbidden = write ? ReadOnlyForPrograms : WriteOnlyForPrograms;
        if ((definition.Flags & forbidden) == 0)
            return null;
        var what = write ? "write into" : "read from";
        return Refusal.Access($"{what} map forbidden, value_size={definition.ValueSize} off={offset} size={size}");
    }

    /// <summary>Whether every address the pointer may have lies in the value. <paramref name="offset"/> includes the pointer's own.</summary>
    public static Refusal? CheckMapValue(
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        bool zeroSizeAllowed = false
    )
    {
        var definition = pointer.Map!.Definition;
        var value = new Region("value", definition.ValueSize);
        if (CheckRange(pointer, register, offset, size, value, zeroSizeAllowed) is { } refusal)
            return refusal;
        if (
            definition.SpinLockOffset is { } lockOffset
            && pointer.Value.Wide.SMin + offset < lockOffset + SpinLockSize
            && lockOffset < (long)pointer.Value.Wide.UMax + offset + size
        )
            return Refusal.Access($"{SpinLockName} cannot be accessed directly by load/store");
        return null;
    }

    /// <summary>Whether every address the pointer may have lies in the key.</summary>
    public static Refusal? CheckMapKey(
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        bool zeroSizeAllowed = false
    )
    {
        var key = new Region("key", pointer.Map!.Definition.KeySize);
        return CheckRange(pointer, register, offset, size, key, zeroSizeAllowed);
    }

    /// <summary>Whether an access lies in what comparisons with the packet's end have shown to exist.</summary>
    public static Refusal? CheckPacket(
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        bool zeroSizeAllowed = false
    )
    {
        if (pointer.Value.Wide.SMin < 0)
            return NegativeMinimum(register);
        if (pointer.Range < 0)
            return Refusal.Invalid($"R{register} offset is outside of the packet");
        if (Fits(offset, size, pointer.Range, zeroSizeAllowed))
            return null;
        return Refusal
            .Access(
                $"invalid access to packet, off={offset} size={size}, R{register}(id={pointer.Id},off={offset},r={pointer.Range})"
            )
            .And($"R{register} offset is outside of the packet");
    }

    private static Refusal NegativeMinimum(int register) =>
        Refusal.Access($"R{register} min value is negative, either use unsigned index or do a if (index >=0) check.");

    private static bool Fits(long offset, int size, long regionSize, bool zeroSizeAllowed) =>
        offset >= 0 && (size > 0 || zeroSizeAllowed) && offset + size <= regionSize;

    private static Refusal? CheckRange(
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        Region region,
        bool zeroSizeAllowed
    )
    {
        var (min, max) = (pointer.Value.Wide.SMin, pointer.Value.Wide.UMax);
        if (min < 0 && (min == long.MinValue || min + offset is < 0 or > int.MaxValue))
            return NegativeMinimum(register);
        Refusal Outside(long at, string bound) =>
            Refusal
                .Access($"invalid access to map {region.Name}, {region.Name}_size={region.Size} off={at} size={size}")
                .And($"R{register} {bound} value is outside of the allowed memory range");
        if (!Fits(min + offset, size, region.Size, zeroSizeAllowed))
            return Outside(min + offset, "min");
        if (max >= (ulong)PointerArithmetic.MaxOffset)
            return Refusal.Access($"R{register} unbounded memory access, make sure to bounds check any such access");
        return Fits((long)max + offset, size, region.Size, zeroSizeAllowed) ? null : Outside((long)max + offset, "max");
    }

    /// <summary>A part of an element of a map, with its name in messages.</summary>
    private readonly record struct Region(string Name, int Size);
}
