using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Verification;

/// <summary>One access to memory.</summary>
/// <param name="Register">The register with the address.</param>
/// <param name="Offset">The instruction's displacement.</param>
/// <param name="Size">Bytes: 1, 2, 4 or 8.</param>
/// <param name="IsWrite">Whether it stores.</param>
/// <param name="Value">The register loaded or stored; -1 where there is none.</param>
internal readonly record struct MemoryAccess(int Register, int Offset, int Size, bool IsWrite, int Value)
{
    /// <summary>Alignment is demanded whatever the load flags say: of atomic operations.</summary>
    public bool MustBeAligned { get; init; }

    /// <summary>Whether a load extends the sign.</summary>
    public bool SignExtends { get; init; }

    /// <summary>Checks the access and does to the state what it does.</summary>
    public Refusal? Execute(Analysis analysis)
    {
        var pointer = analysis.State[Register];
        if ((CheckAlignment(analysis, pointer) ?? ByType(analysis, pointer)) is { } refusal)
            return refusal;
        if (IsWrite || Value < 0 || Size == 8)
            return null;
        ref var loaded = ref analysis.State[Value];
        if (loaded.IsScalar)
        {
            // Not what the instruction says but what it was resolved to: one context field comes with its sign.
            var resolved = analysis.Resolved[analysis.Slot].Opcode;
            var isSigned = SignExtends || Opcode.ModeOf(resolved) == AddressMode.MemorySigned;
            loaded = loaded with { Value = isSigned ? loaded.Value.SignExtend(Size) : loaded.Value.Truncate(Size) };
        }
        return null;
    }

    private Refusal? ByType(Analysis analysis, in RegisterState pointer)
    {
        var offset = (long)Offset + pointer.Offset;
        switch (pointer.Type)
        {
            case RegisterType.MapValue:
                return Leak(analysis, "map")
                    ?? RegionAccess.CheckMapPermission(pointer, offset, Size, IsWrite)
                    ?? RegionAccess.CheckMapValue(pointer, Register, offset, Size)
                    ?? LoadUnknown(analysis);
            case RegisterType.MapKey:
                if (IsWrite)
                    return Refusal.Access($"write to change key R{Register} not allowed");
                return RegionAccess.CheckMapKey(pointer, Register, offset, Size) ?? LoadUnknown(analysis);
            case RegisterType.Context:
                return Leak(analysis, "ctx") ?? ContextAccess.Execute(analysis, pointer, this);
            case RegisterType.Stack:
                return IsWrite
                    ? StackWrite.Execute(analysis, pointer, Register, offset, Size, Value)
                    : StackRead.Execute(analysis, pointer, Register, offset, Size, Value);
            case RegisterType.Packet:
                if (IsWrite && analysis.Request.Program.Type != ProgramType.CgroupSockopt)
                    return Refusal.Access("cannot write into packet");
                return Leak(analysis, "packet")
                    ?? RegionAccess.CheckPacket(pointer, Register, offset, Size)
                    ?? LoadUnknown(analysis);
            case RegisterType.Socket or RegisterType.SocketCommon:
                return ContextAccess.CheckSocket(analysis, pointer, Register, (int)offset, Size, IsWrite)
                    ?? LoadUnknown(analysis);
            case RegisterType.MapPointer:
                return MapObject(analysis, pointer.Map!.Definition);
            default:
                return Refusal.Access($"R{Register} invalid mem access '{pointer.Type.Word()}'");
        }
    }

    private Refusal? CheckAlignment(Analysis analysis, in RegisterState pointer)
    {
        // Spills are tracked by slots, so the stack is always accessed aligned.
        var strict = MustBeAligned || analysis.StrictAlignment || pointer.Type == RegisterType.Stack;
        if (!strict || Size == 1)
            return null;
        var distance = Tnum.Constant((ulong)((long)pointer.Offset + Offset));
        // NET_IP_ALIGN is 2 where alignment is demanded of packets: the headers behind the link layer's are aligned.
        if (pointer.Type == RegisterType.Packet)
            distance += Tnum.Constant(PacketAlignment);
        if ((pointer.Value.Bits + distance).IsAligned(Size))
            return null;
        var what = pointer.Type switch
        {
            RegisterType.MapKey => "key ",
            RegisterType.MapValue => "value ",
            RegisterType.Context => "context ",
            RegisterType.Stack => "stack ",
            RegisterType.Socket => "sock ",
            RegisterType.SocketCommon => "sock_common ",
            RegisterType.Packet => "packet ",
            _ => "",
        };
        var origin =
            pointer.Type == RegisterType.Packet ? $"{PacketAlignment}+{pointer.Value.Bits}" : $"{pointer.Value.Bits}";
        return Refusal.Access($"misaligned {what}access off {origin}+{pointer.Offset}+{Offset} size {Size}");
    }

    private const ulong PacketAlignment = 2;

    private Refusal? Leak(Analysis analysis, string where) =>
        IsWrite && Value >= 0 && analysis.WouldLeak(Value) ? Refusal.Access($"R{Value} leaks addr into {where}") : null;

    private Refusal? LoadUnknown(Analysis analysis)
    {
        if (!IsWrite && Value >= 0)
            analysis.State[Value] = RegisterState.UnknownScalar;
        return null;
    }

    // Linux lets a privileged program read the kernel's own map structure here. This machine has no such structure.
    private Refusal MapObject(Analysis analysis, MapDefinition map)
    {
        var name = map.Type switch
        {
            MapType.CgroupStorage or MapType.PercpuCgroupStorage => "bpf_cgroup_storage_map",
            MapType.Hash => "bpf_htab",
            _ => "bpf_array",
        };
        if (!analysis.CanLeakPointers)
            return new Refusal(Errno.EPERM, $"'struct {name}' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN");
        return IsWrite || MustBeAligned
            ? Refusal.Access($"only read from {name} is supported")
            : Refusal.Access($"R{Register} invalid mem access 'map_ptr'");
    }
}
