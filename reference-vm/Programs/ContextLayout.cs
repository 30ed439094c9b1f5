namespace Conformance.ReferenceVm.Programs;

/// <summary>What a context field holds once it is loaded.</summary>
public enum ContextFieldKind
{
    /// <summary>A number.</summary>
    Scalar,

    /// <summary>Pointer to the first byte of the packet; loaded by a 4-byte access, 8 bytes wide in the register.</summary>
    PacketStart,

    /// <summary>Pointer behind the last byte of the packet; loaded by a 4-byte access.</summary>
    PacketEnd,

    /// <summary>Pointer to the first byte of a socket option's value; loaded by an 8-byte access.</summary>
    OptvalStart,

    /// <summary>Pointer behind the last byte of a socket option's value.</summary>
    OptvalEnd,

    /// <summary>Pointer to the socket (<c>struct bpf_sock</c>), or null; loaded by an 8-byte access.</summary>
    SocketOrNull,
}

/// <summary>Which access sizes a field permits.</summary>
public enum AccessWidth
{
    /// <summary>No access.</summary>
    None,

    /// <summary>Exactly the whole field.</summary>
    Full,

    /// <summary>The whole field, or an aligned part of 1, 2 or 4 bytes.</summary>
    Narrow,
}

/// <summary>One field of a context structure as a program sees it.</summary>
/// <param name="Name">The field's name in the UAPI structure, for instance <c>user_port</c>.</param>
/// <param name="Offset">Byte offset in the UAPI structure.</param>
/// <param name="Size">Size in bytes in the UAPI structure.</param>
/// <param name="Read">Permitted load sizes.</param>
/// <param name="Write">Permitted store sizes.</param>
public sealed record ContextField(
    string Name,
    int Offset,
    int Size,
    AccessWidth Read,
    AccessWidth Write = AccessWidth.None
)
{
    /// <summary>What a load yields.</summary>
    public ContextFieldKind Kind { get; init; } = ContextFieldKind.Scalar;

    /// <summary>The expected attach types for which the field exists; null for all of the program type.</summary>
    public IReadOnlyCollection<AttachType>? ReadableFor { get; init; }

    /// <summary>The expected attach types for which the field may be written; null for all of the program type.</summary>
    public IReadOnlyCollection<AttachType>? WritableFor { get; init; }

    /// <summary>
    /// For pointer fields: byte offset, in the context block, of the 8-byte slot that holds the guest address. The verifier
    /// rewrites the program's load into a load of this slot. It lies behind the UAPI structure, where no program can reach it.
    /// </summary>
    public int PointerSlot { get; init; } = -1;
}

/// <summary>The layout of one program type's context.</summary>
/// <param name="StructName">The UAPI structure, for instance <c>bpf_sock_addr</c>.</param>
/// <param name="Size">Size of the UAPI structure in bytes.</param>
/// <param name="Fields">All fields a program may touch; any other offset is refused.</param>
public sealed record ContextLayout(string StructName, int Size, IReadOnlyList<ContextField> Fields)
{
    /// <summary>Size of the block the machine lays into the arena: the structure, then the pointer slots.</summary>
    public int BlockSize => (Size + 7 & ~7) + 8 * Fields.Count(f => f.PointerSlot >= 0);
}
