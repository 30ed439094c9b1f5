using System.Buffers.Binary;
using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// <c>prog_array</c>: the table of tail calls. It belongs to the first program that is loaded with a reference to it or put into it;
/// only programs that are compatible with that one may follow.
/// </summary>
public sealed class ProgArrayMap : Map
{
    private readonly (ResolvedProgram Program, int Id)?[] _programs;
    private readonly ResolvedProgram?[] _targets;
    private readonly Lock _lock = new();
    private ProgArrayOwner? _owner;

    internal ProgArrayMap(MapDefinition definition, Arena arena, int id)
        : base(definition, arena, id)
    {
        _programs = new (ResolvedProgram, int)?[definition.MaxEntries];
        _targets = new ResolvedProgram?[definition.MaxEntries];
    }

    /// <inheritdoc/>
    public override bool HasElementsForPrograms => false;

    /// <summary>The program of an index, or null.</summary>
    public ResolvedProgram? ProgramAt(uint index) =>
        index < (uint)_targets.Length ? Volatile.Read(ref _targets[index]) : null;

    /// <summary>Whether a program may refer to this table or be put into it. The first one asked about becomes the owner.</summary>
    /// <param name="program">The program.</param>
    /// <param name="keepsAttachType">Whether its expected attach type must be the owner's.</param>
    public bool Admits(ResolvedProgram program, bool keepsAttachType = true)
    {
        lock (_lock)
        {
            if (_owner is not null)
            {
                return _owner.Admits(program, keepsAttachType);
            }

            _owner = ProgArrayOwner.Of(program);
            return true;
        }
    }

    /// <summary>BPF_MAP_UPDATE_ELEM with the program behind the descriptor: EINVAL for flags or an incompatible program, E2BIG for the index.</summary>
    /// <param name="index">The element.</param>
    /// <param name="program">The program.</param>
    /// <param name="programId">Its id, which is what a lookup returns.</param>
    /// <param name="flags">Must be 0.</param>
    /// <param name="keepsAttachType">Whether its expected attach type must be the owner's.</param>
    public Errno Set(uint index, ResolvedProgram program, int programId, ulong flags, bool keepsAttachType = true)
    {
        if (flags != UpdateFlags.Any)
        {
            return Errno.EINVAL;
        }

        if (index >= (uint)_targets.Length)
        {
            return Errno.E2BIG;
        }

        if (!Admits(program, keepsAttachType))
        {
            return Errno.EINVAL;
        }

        Put(index, (program, programId));
        return Errno.None;
    }

    /// <summary>The id of the program, 4 bytes.</summary>
    public override Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        if (UpdateFlags.CheckLookup(Definition, flags) is var error and not Errno.None)
        {
            return error;
        }

        lock (_lock)
        {
            var index = ArrayKeys.Index(key);
            if (index >= (uint)_programs.Length || _programs[index] is not { } entry)
            {
                return Errno.ENOENT;
            }

            BinaryPrimitives.WriteInt32LittleEndian(value, entry.Id);
            return Errno.None;
        }
    }

    /// <summary>Values are descriptors, which the map does not know: EBADF. See <see cref="Set"/>.</summary>
    public override Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags) => Errno.EBADF;

    /// <summary>E2BIG for an index out of range, ENOENT for an empty element.</summary>
    public override Errno Delete(ReadOnlySpan<byte> key)
    {
        var index = ArrayKeys.Index(key);
        if (index >= (uint)_targets.Length)
        {
            return Errno.E2BIG;
        }

        return ProgramAt(index) is null ? Errno.ENOENT : Put(index, null);
    }

    /// <inheritdoc/>
    public override Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next) => ArrayKeys.Next(Definition, key, next);

    /// <inheritdoc/>
    public override void Free()
    {
        Array.Clear(_targets);
        Array.Clear(_programs);
    }

    private Errno Put(uint index, (ResolvedProgram Program, int Id)? entry)
    {
        lock (_lock)
        {
            _programs[index] = entry;
            Volatile.Write(ref _targets[index], entry?.Program);
            return Errno.None;
        }
    }
}
