namespace Conformance.ReferenceVm.Maps;

/// <summary>A C type as BPF Type Format describes it: as much as decides what maps may hold.</summary>
public abstract record TypeDescription
{
    /// <summary>Bytes that a value of the type takes.</summary>
    public abstract int Size { get; }

    /// <summary>The type without the names that were given to it.</summary>
    public virtual TypeDescription Resolved => this;
}

/// <summary>An integer.</summary>
/// <param name="Bytes">1, 2, 4, 8 or 16.</param>
/// <param name="IsSigned">Whether it is signed.</param>
public sealed record IntegerType(int Bytes, bool IsSigned = false) : TypeDescription
{
    /// <inheritdoc/>
    public override int Size => Bytes;
}

/// <summary>An enumeration.</summary>
/// <param name="Bytes">4 or 8.</param>
public sealed record EnumType(int Bytes) : TypeDescription
{
    /// <inheritdoc/>
    public override int Size => Bytes;
}

/// <summary>Another name for a type.</summary>
/// <param name="Of">The type.</param>
public sealed record TypedefType(TypeDescription Of) : TypeDescription
{
    /// <inheritdoc/>
    public override int Size => Of.Size;

    /// <inheritdoc/>
    public override TypeDescription Resolved => Of.Resolved;
}

/// <summary>An array.</summary>
/// <param name="Of">Type of its elements.</param>
/// <param name="Count">Their number.</param>
public sealed record ArrayType(TypeDescription Of, int Count) : TypeDescription
{
    /// <inheritdoc/>
    public override int Size => Of.Size * Count;
}

/// <summary>A member of a structure or union.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Offset">Bytes from the start.</param>
public sealed record TypeMember(TypeDescription Type, int Offset);

/// <summary>A structure or union.</summary>
/// <param name="Members">Its members in order.</param>
/// <param name="Bytes">Its size, padding included.</param>
/// <param name="IsUnion">Whether it is a union.</param>
public sealed record StructType(IReadOnlyList<TypeMember> Members, int Bytes, bool IsUnion = false) : TypeDescription
{
    /// <inheritdoc/>
    public override int Size => Bytes;
}

/// <summary>A structure that the kernel treats specially, by its name.</summary>
/// <param name="Kind">Which.</param>
public sealed record SpecialType(SpecialField Kind) : TypeDescription
{
    private const int Lock = 4;
    private const int TwoWords = 16;

    /// <inheritdoc/>
    public override int Size => Kind is SpecialField.SpinLock or SpecialField.ResilientSpinLock ? Lock : TwoWords;
}

/// <summary>Special fields of map values.</summary>
public enum SpecialField
{
    /// <summary><c>struct bpf_spin_lock</c>, 4 bytes.</summary>
    SpinLock,

    /// <summary><c>struct bpf_res_spin_lock</c>, 4 bytes.</summary>
    ResilientSpinLock,

    /// <summary><c>struct bpf_timer</c>, 16 bytes.</summary>
    Timer,

    /// <summary><c>struct bpf_wq</c>, 16 bytes.</summary>
    WorkQueue,
}
