using System.Buffers.Binary;
using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>
/// The guest memory in which one level of one CPU lays out its events: the context block, the socket, and the data (a packet or an option's
/// value). Kept from event to event, so that an event allocates nothing.
/// </summary>
internal sealed class Workspace
{
    private readonly Arena _arena;
    private readonly Dictionary<ProgramType, ulong> _blocks = [];
    private ulong _data;
    private int _dataLength = -1;

    public Workspace(Arena arena, OpenChoices open)
    {
        (_arena, Open) = (arena, open);
        SocketAddress = Allocate(Contexts.SockContext.Size);
    }

    /// <summary>What no rule fixes.</summary>
    public OpenChoices Open { get; }

    public ulong SocketAddress { get; }

    public ulong BlockAddress { get; private set; }

    public ulong DataAddress => _data;

    public ulong DataEnd => _data + (ulong)Math.Max(_dataLength, 0);

    /// <summary>The socket's bytes, as they are.</summary>
    public Span<byte> Socket => _arena.Bytes(SocketAddress, Contexts.SockContext.Size);

    /// <summary>The current context block.</summary>
    public Span<byte> Block
    {
        get => _arena.Bytes(BlockAddress, BlockSize);
    }

    private int BlockSize { get; set; }

    /// <summary>Makes a zeroed context block for a program type the current one.</summary>
    public Span<byte> BeginBlock(ProgramTypeInfo info)
    {
        if (!_blocks.TryGetValue(info.Type, out var address))
        {
            address = Allocate(info.Context.BlockSize);
            _blocks.Add(info.Type, address);
        }

        BlockAddress = address;
        BlockSize = info.Context.BlockSize;
        var block = Block;
        block.Clear();
        return block;
    }

    /// <summary>A zeroed data area of exactly this length.</summary>
    public Span<byte> BeginData(int length)
    {
        if (length != _dataLength)
        {
            if (_dataLength > 0)
            {
                _arena.Free(_data);
            }

            // An empty packet still has an address.
            _data = length == 0 ? SocketAddress : Allocate(length);
            _dataLength = length;
        }

        var data = _arena.Bytes(_data, length);
        data.Clear();
        return data;
    }

    /// <summary>Writes a little-endian 32-bit field of the block.</summary>
    public void Set(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Block[offset..], value);

    /// <summary>Reads a 32-bit field of the block.</summary>
    public int Get(int offset) => BinaryPrimitives.ReadInt32LittleEndian(Block[offset..]);

    /// <summary>Writes the guest address that a pointer field yields.</summary>
    public void SetPointer(int slot, ulong address) => BinaryPrimitives.WriteUInt64LittleEndian(Block[slot..], address);

    private ulong Allocate(int size)
    {
        var address = _arena.Allocate(size);
        return address != 0
            ? address
            : throw new InvalidOperationException("The arena has no room for an event's context.");
    }
}
