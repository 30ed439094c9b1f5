using System.Buffers.Binary;
using System.Text;
using Conformance.Harness.Machines;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;

namespace Conformance.Linux.Bpf;

/// <summary>
/// bpf(2). Each method fills <c>union bpf_attr</c> at the offsets of the UAPI header and returns a descriptor or 0, or the
/// negated errno.
/// </summary>
internal static unsafe class BpfCall
{
    private const int LogSize = 1 << 20;

    // Long enough for every command used here; the kernel insists that what it does not know is zero.
    private const int AttrSize = 152;

    public static int MapCreate(MapCreate op, int innerMap, MapTypes btf)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)op.Type).U32(4, (uint)op.KeySize).U32(8, (uint)op.ValueSize);
        attr.U32(12, (uint)op.MaxEntries).U32(16, op.Flags).U32(20, (uint)innerMap).U32(24, (uint)(op.NumaNode ?? 0));
        attr.Bytes(28, ObjectName.OfThisProcess);
        attr.U32(48, (uint)btf.Descriptor).U32(52, btf.Key).U32(56, btf.Value).U64(64, op.Extra);
        if (op.ExclusiveProgramHash is not { } hash)
        {
            return attr.Call(BpfCommand.MapCreate, 72);
        }

        // No bytes are still somewhere.
        fixed (byte* data = hash.Length == 0 ? [0] : hash)
        {
            attr.Pointer(80, data).U32(88, (uint)hash.Length);
            return attr.Call(BpfCommand.MapCreate, 92);
        }
    }

    /// <summary>The id in the info structure of a map.</summary>
    public static uint MapId(int map) => Id(map);

    /// <summary>A descriptor, or the negated errno.</summary>
    public static int MapGetFdById(uint id)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, id);
        return attr.Call(BpfCommand.MapGetFdById, 12);
    }

    /// <summary>A batch command for one element.</summary>
    public static int Batch(BpfCommand command, int map, Span<byte> key, Span<byte> value)
    {
        ulong token = 0;
        fixed (
            byte* k = key,
                v = value
        )
        {
            var attr = new Attr(stackalloc byte[AttrSize]);
            attr.Pointer(8, (byte*)&token).Pointer(16, k).Pointer(24, v).U32(32, 1).U32(36, (uint)map);
            return attr.Call(command, 56);
        }
    }

    public static int ProgBindMap(int program, int map)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)program).U32(4, (uint)map);
        return attr.Call(BpfCommand.ProgBindMap, 12);
    }

    public static int BtfLoad(ReadOnlySpan<byte> btf)
    {
        fixed (byte* data = btf)
        {
            var attr = new Attr(stackalloc byte[AttrSize]);
            attr.Pointer(0, data).U32(16, (uint)btf.Length);
            return attr.Call(BpfCommand.BtfLoad, 32);
        }
    }

    public static int Element(BpfCommand command, int map, ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        fixed (
            byte* k = key,
                v = value
        )
        {
            var attr = new Attr(stackalloc byte[AttrSize]);
            attr.U32(0, (uint)map).Pointer(8, k).Pointer(16, v).U64(24, flags);
            return attr.Call(command, 32);
        }
    }

    /// <summary>Pins a map or program at a path in a BPF file system.</summary>
    public static int Pin(int descriptor, string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var attr = new Attr(stackalloc byte[AttrSize]);
            attr.Pointer(0, name).U32(8, (uint)descriptor);
            return attr.Call(BpfCommand.ObjPin, 12);
        }
    }

    public static int MapFreeze(int map)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)map);
        return attr.Call(BpfCommand.MapFreeze, 4);
    }

    public static int ProgLoad(
        uint type,
        uint expectedAttachType,
        ReadOnlySpan<byte> instructions,
        uint flags,
        int logLevel,
        int btf,
        ReadOnlySpan<uint> functions,
        ReadOnlySpan<int> alsoRefersTo,
        out string log
    )
    {
        var buffer = GC.AllocateUninitializedArray<byte>(logLevel > 0 ? LogSize : 1);
        buffer[0] = 0;
        fixed (uint* records = functions)
        fixed (int* descriptors = alsoRefersTo)
        fixed (
            byte* code = instructions,
                license = "GPL\0"u8,
                text = buffer
        )
        {
            var attr = new Attr(stackalloc byte[AttrSize]);
            attr.U32(0, type).U32(4, (uint)(instructions.Length / 8)).Pointer(8, code).Pointer(16, license);
            if (logLevel > 0)
            {
                attr.U32(24, (uint)logLevel).U32(28, LogSize).Pointer(32, text);
            }

            attr.U32(44, flags).Bytes(48, ObjectName.OfThisProcess).U32(68, expectedAttachType);
            if (btf > 0)
            {
                attr.U32(72, (uint)btf).U32(76, 8).Pointer(80, (byte*)records).U32(88, (uint)functions.Length / 2);
            }

            if (alsoRefersTo.Length > 0)
            {
                attr.Pointer(120, (byte*)descriptors).U32(148, (uint)alsoRefersTo.Length);
            }

            var result = attr.Call(BpfCommand.ProgLoad, AttrSize);
            var length = buffer.AsSpan().IndexOf((byte)0);
            log = Encoding.UTF8.GetString(buffer, 0, Math.Max(length, 0));
            return result;
        }
    }

    public static int ProgAttach(
        int cgroup,
        int program,
        uint type,
        uint flags,
        int replace,
        int relative,
        ulong revision
    )
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)cgroup).U32(4, (uint)program).U32(8, type).U32(12, flags);
        attr.U32(16, (uint)replace).U32(20, (uint)relative).U64(24, revision);
        return attr.Call(BpfCommand.ProgAttach, 32);
    }

    public static int ProgDetach(int cgroup, int program, uint type, uint flags)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)cgroup).U32(4, (uint)program).U32(8, type).U32(12, flags);
        return attr.Call(BpfCommand.ProgDetach, 32);
    }

    public static int LinkCreate(int program, int cgroup, uint type, uint flags, int relative, ulong revision)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)program).U32(4, (uint)cgroup).U32(8, type).U32(12, flags);
        attr.U32(16, (uint)relative).U64(24, revision);
        return attr.Call(BpfCommand.LinkCreate, 32);
    }

    public static int LinkUpdate(int link, int program, uint flags, int old)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)link).U32(4, (uint)program).U32(8, flags).U32(12, (uint)old);
        return attr.Call(BpfCommand.LinkUpdate, 16);
    }

    public static int LinkDetach(int link)
    {
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)link);
        return attr.Call(BpfCommand.LinkDetach, 4);
    }

    /// <summary>Program ids in order.</summary>
    public static int ProgQuery(
        int cgroup,
        uint type,
        bool effective,
        int? capacity,
        out uint attachFlags,
        out uint[] ids
    )
    {
        // Own list and 64 programs of every ancestor: more than any vector attaches.
        var found = new uint[capacity ?? 1024];
        fixed (uint* pointer = found)
        {
            var attr = new Attr(stackalloc byte[AttrSize]);
            attr.U32(0, (uint)cgroup)
                .U32(4, type)
                .U32(8, effective ? 1u : 0u)
                .Pointer(16, (byte*)pointer)
                .U32(24, (uint)found.Length);
            var result = attr.Call(BpfCommand.ProgQuery, 64);
            attachFlags = attr.ReadU32(12);
            ids = result < 0 ? [] : found[..(int)attr.ReadU32(24)];
            return result;
        }
    }

    public static int ProgTestRun(int program, ReadOnlySpan<byte> data, int repeat, out uint returned)
    {
        fixed (byte* input = data)
        {
            var attr = new Attr(stackalloc byte[AttrSize]);
            attr.U32(0, (uint)program).U32(8, (uint)data.Length).Pointer(16, input).U32(32, (uint)repeat);
            var result = attr.Call(BpfCommand.ProgTestRun, 80);
            returned = attr.ReadU32(4);
            return result;
        }
    }

    /// <summary>The id in the info structure of a program.</summary>
    public static uint ProgramId(int program) => Id(program);

    // The second field of the info structures of programs and maps alike.
    private static uint Id(int descriptor)
    {
        var info = stackalloc byte[256];
        new Span<byte>(info, 256).Clear();
        var attr = new Attr(stackalloc byte[AttrSize]);
        attr.U32(0, (uint)descriptor).U32(4, 256).Pointer(8, info);
        return attr.Call(BpfCommand.ObjGetInfoByFd, 16) < 0 ? 0 : *(uint*)(info + 4);
    }

    private readonly ref struct Attr
    {
        private readonly Span<byte> _bytes;

        public Attr(Span<byte> bytes)
        {
            bytes.Clear();
            _bytes = bytes;
        }

        public Attr U32(int offset, uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes[offset..], value);
            return this;
        }

        public Attr U64(int offset, ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes[offset..], value);
            return this;
        }

        public Attr Bytes(int offset, ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_bytes[offset..]);
            return this;
        }

        public Attr Pointer(int offset, byte* pointer) => U64(offset, (ulong)pointer);

        public uint ReadU32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);

        public int Call(BpfCommand command, int size)
        {
            fixed (byte* pointer = _bytes)
            {
                var result = (int)Libc.Syscall(Libc.BpfNumber, (nint)command, (nint)pointer, size);
                return result < 0 ? -(int)Libc.LastErrno : result;
            }
        }
    }
}

/// <summary>Type information for a map: a BTF descriptor and the ids of key and value in it; zeroes for none.</summary>
internal readonly record struct MapTypes(int Descriptor, uint Key, uint Value);
