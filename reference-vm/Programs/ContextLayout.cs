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

    /// <summary>Pointer to the socket (<c>struct bpf_sock</c>), never null; loaded by an 8-byte access.</summary>
    Socket,

    /// <summary>Pointer to what all sockets have in common (the address part of <c>struct bpf_sock</c>), or null; loaded by an 8-byte access.</summary>
    SocketCommonOrNull,
}

/// <summary>Sizes in bytes of the accesses that a field permits. Each member's number is the size.</summary>
[Flags]
public enum AccessSizes
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>One byte.</summary>
    One = 1,

    /// <summary>Two bytes.</summary>
    Two = 2,

    /// <summary>Four bytes.</summary>
    Four = 4,

    /// <summary>Eight bytes.</summary>
    Eight = 8,

    /// <summary>A 4-byte number or an aligned part of it.</summary>
    Narrow = One | Two | Four,

    /// <summary>Any size.</summary>
    Any = Narrow | Eight,
}

/// <summary>One field of a context structure as a program sees it.</summary>
/// <param name="Name">The field's name in the UAPI structure, for instance <c>user_port</c>.</param>
/// <param name="Offset">Byte offset in the UAPI structure.</param>
/// <param name="Size">Size in bytes in the UAPI structure; an array is one field.</param>
/// <param name="Read">Permitted load sizes; a load lies within the field, at an offset that is a multiple of its size.</param>
/// <param name="Write">Permitted store sizes, likewise.</param>
public sealed record ContextField(
    string Name,
    int Offset,
    int Size,
    AccessSizes Read,
    AccessSizes Write = AccessSizes.None
)
{
    /// <summary>What a load yields.</summary>
    public ContextFieldKind Kind { get; init; } = ContextFieldKind.Scalar;

    /// <summary>The expected attach types for which the field may be read; null for all of the program type.</summary>
    public IReadOnlyCollection<AttachType>? ReadableFor { get; init; }

    /// <summary>The expected attach types for which the field may be written; null for all of the program type.</summary>
    public IReadOnlyCollection<AttachType>? WritableFor { get; init; }

    /// <summary>Whether every access must begin at the field's first byte, narrow ones too.</summary>
    public bool FromStartOnly { get; init; }

    /// <summary>
    /// Bytes that the kernel keeps of the number, where they are fewer than <see cref="Size"/>. A load of so many bytes or more yields the number wherever in the
    /// field it begins: of a 2-byte number, the upper half of the field is the number once more (measured).
    /// </summary>
    public int KeptSize { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether a load of 2 or 4 bytes yields the number with its sign in all 64 bits, so that nothing is known of the upper half. Only
    /// <c>rx_queue_mapping</c> does, which is -1 where there is none (measured).
    /// </summary>
    public bool SignExtends { get; init; }

    /// <summary>
    /// For pointer fields: byte offset, in the context block, of the 8-byte slot that holds the guest address. The verifier
    /// rewrites the program's load into a load of this slot. It lies behind the UAPI structure, where no program can reach it.
    /// </summary>
    public int PointerSlot { get; init; } = -1;

    /// <summary>Whether the field permits an access of this shape to a program with this expected attach type.</summary>
    public bool Permits(int offset, int size, bool write, AttachType expected)
    {
        var sizes = write ? Write : Read;
        var attachTypes = write ? WritableFor : ReadableFor;
        return ((int)sizes & size) != 0
            && offset >= Offset
            && offset <= Offset + Size - size
            && offset % size == 0
            && (!FromStartOnly || offset == Offset)
            && (attachTypes is null || attachTypes.Contains(expected));
    }
}

/// <summary>The layout of one program type's context.</summary>
/// <param name="StructName">The UAPI structure, for instance <c>bpf_sock_addr</c>.</param>
/// <param name="Size">Size of the UAPI structure in bytes.</param>
/// <param name="Fields">All fields a program may touch; any other offset is refused.</param>
public sealed record ContextLayout(string StructName, int Size, IReadOnlyList<ContextField> Fields)
{
    /// <summary>Size of the block the machine lays into the arena: the structure, then the pointer slots.</summary>
    public int BlockSize { get; } =
        Math.Max(Size + 7 & ~7, Fields.Select(field => field.PointerSlot + sizeof(ulong)).DefaultIfEmpty().Max());

    /// <summary>
    /// The field that an access of this shape touches, or null where it is refused
    /// (<c>invalid bpf_context access off=O size=S</c>, EACCES).
    /// </summary>
    /// <param name="offset">Byte offset from the start of the context, any number.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="write">Whether it is a store.</param>
    /// <param name="expected">The program's recorded expected attach type.</param>
    public ContextField? Find(int offset, int size, bool write, AttachType expected)
    {
        foreach (var field in Fields)
        {
            if (field.Permits(offset, size, write, expected))
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The field of this name. The name must exist.</summary>
    public ContextField Field(string name) => Fields.First(field => field.Name == name);
}
