// ---- the adapter: what its author writes ----

using Conformance.AdapterKit;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Tiny;

internal sealed class Adapter
{
    private const uint AllowMulti = 2;
    private readonly Named<Cgroup> _cgroups;
    private readonly Named<TinyMap> _maps;
    private readonly Named<TinyProgram> _programs;
    private TinyVm _vm = new();

    public Adapter()
    {
        Machine = new KitMachine(new MachineIdentity("tiny-csharp", "1.0", Cpus: 1), () => _vm = new TinyVm())
            .On<CgroupCreate>(Create, nameof(CgroupCreate.Parent))
            .On<CgroupRemove>(op => _cgroups!.Closed(op.Cgroup, KitMachine.Ended(_vm.Remove(_cgroups[op.Cgroup]))))
            .On<MapCreate>(Create)
            .On<MapClose>(op => _maps!.Closed(op.Map))
            .On<MapLookupElem>(Lookup)
            .On<MapUpdateElem>(Update, nameof(MapUpdateElem.Flags))
            .On<MapDeleteElem>(_ => Answer.Fail(Errno.EINVAL))
            .On<ProgLoad>(Load)
            .On<ProgClose>(op => _programs!.Closed(op.Program))
            .On<ProgAttach>(Attach, nameof(ProgAttach.Flags))
            .On<ProgDetach>(Detach)
            .On<Fire>(Fire);
        _cgroups = Machine.Names<Cgroup>("cgroup");
        _maps = Machine.Names<TinyMap>("map");
        _programs = Machine.Names<TinyProgram>("program");
    }

    public KitMachine Machine { get; }

    private Answer Create(CgroupCreate op) =>
        _cgroups.Made(op.Cgroup, new Cgroup(op.Parent is null ? null : _cgroups[op.Parent]));

    private Answer Create(MapCreate op)
    {
        if (op.Type is not (MapType.Array or MapType.CgroupStorage))
            return KitMachine.Unsupported($"no maps of type {op.Type}");
        var map = _vm.CreateMap((int)op.Type, op.KeySize, op.ValueSize, op.MaxEntries);
        return map is null ? Answer.Fail(Errno.EINVAL) : _maps.Made(op.Map, map);
    }

    private (Cgroup? Cgroup, long Index) KeyOf(MapKey key) =>
        key is StorageKey storage
            ? (_cgroups.Ever(storage.Cgroup), (long?)storage.AttachType ?? 0)
            : (null, (long)Memory.Load(((RawKey)key).Bytes));

    private Answer Lookup(MapLookupElem op)
    {
        var (cgroup, index) = KeyOf(op.Key);
        var value = _maps[op.Map].ValueOf(cgroup, index);
        return value.IsEmpty ? Answer.Fail(Errno.ENOENT) : Answer.Ok with { Value = value.ToArray() };
    }

    private Answer Update(MapUpdateElem op)
    {
        var (cgroup, index) = KeyOf(op.Key);
        return KitMachine.Ended(_maps[op.Map].Update(cgroup, index, op.Value, op.Flags));
    }

    private Answer Load(ProgLoad op)
    {
        if (_vm.Load(op.Instructions, out var why) is not { } program)
            return KitMachine.Unsupported(why);
        var used = op.Maps.All(reference => program.TryUse(reference.Instruction, _maps[reference.Map]));
        return used ? _programs.Made(op.Program, program) : KitMachine.Refused(Errno.EINVAL, "two storage maps");
    }

    private Answer Attach(ProgAttach op)
    {
        if (op.Flags is not (0 or AllowMulti))
            return KitMachine.Unsupported("attached is with no flags, or with BPF_F_ALLOW_MULTI");
        var cgroup = _cgroups[op.Cgroup];
        return KitMachine.Ended(cgroup.Attach(_programs[op.Program], (int)op.AttachType, op.Flags != 0));
    }

    private Answer Detach(ProgDetach op)
    {
        var program = op.Program is null ? null : _programs[op.Program];
        return KitMachine.Ended(_cgroups[op.Cgroup].Detach(program, (int)op.AttachType));
    }

    private Answer Fire(Fire op)
    {
        var run = _cgroups[op.Cgroup].Happen((int)op.AttachType);
        return run.Ending switch
        {
            Ending.Trapped => KitMachine.Trapped(run.Why),
            Ending.Exhausted => KitMachine.Exhausted(run.Why),
            Ending.TooTiny => KitMachine.Unsupported(run.Why),
            _ when run.R0 != 0 => KitMachine.Completed,
            _ => op.AttachType == AttachType.CgroupInetIngress ? KitMachine.Dropped : KitMachine.Denied(Errno.EPERM),
        };
    }
}
