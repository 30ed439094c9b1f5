using Conformance.Harness.Machines;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>The operations on maps.</summary>
internal sealed class MapOperations(KernelObjects objects, int cpus)
{
    private int _created;

    public Answer Create(MapCreate op)
    {
        var types = default(MapTypes);
        if (op.SpinLockOffset is { } offset)
        {
            var btf = BpfCall.BtfLoad(
                SpinLockTypes.Build(op.KeySize, op.ValueSize, offset, out var key, out var value)
            );
            if (btf < 0)
            {
                return Answers.Of(btf);
            }

            objects.Keep(btf);
            types = new MapTypes(btf, key, value);
        }

        var map = BpfCall.MapCreate((uint)op.Type, op.KeySize, op.ValueSize, op.MaxEntries, op.Flags, types);
        if (map < 0)
        {
            return Answers.Of(map);
        }

        objects.Maps[op.Map] = new KernelMap(
            Interlocked.Increment(ref _created),
            map,
            op.Type,
            op.KeySize,
            op.ValueSize
        );
        return Answer.Ok;
    }

    public Answer Lookup(string name, MapKey key, ulong flags, BpfCommand command)
    {
        var map = objects.Map(name);
        var value = new byte[map.UserValueSize(cpus)];
        var result = BpfCall.Element(command, map.Descriptor, objects.KeyBytes(map, key), value, flags);
        return result < 0 ? Answers.Of(result) : Answer.Ok with { Value = value };
    }

    public Answer Update(MapUpdateElem op)
    {
        var map = objects.Map(op.Map);
        return StorageMapGuard.RefusesUpdate(map)
            ?? Answers.Of(
                BpfCall.Element(
                    BpfCommand.MapUpdateElem,
                    map.Descriptor,
                    objects.KeyBytes(map, op.Key),
                    op.Value,
                    op.Flags
                )
            );
    }

    public Answer Update(ProgArrayUpdate op) =>
        Answers.Of(
            BpfCall.Element(
                BpfCommand.MapUpdateElem,
                objects.Map(op.Map).Descriptor,
                BitConverter.GetBytes(op.Index),
                BitConverter.GetBytes(objects.Program(op.Program)),
                0
            )
        );

    public Answer Delete(MapDeleteElem op)
    {
        var map = objects.Map(op.Map);
        return Answers.Of(
            BpfCall.Element(BpfCommand.MapDeleteElem, map.Descriptor, objects.KeyBytes(map, op.Key), [], 0)
        );
    }

    public Answer NextKey(MapGetNextKey op)
    {
        var map = objects.Map(op.Map);
        var next = new byte[map.KeySize];
        var key = op.Key is null ? [] : objects.KeyBytes(map, op.Key);
        var result = BpfCall.Element(BpfCommand.MapGetNextKey, map.Descriptor, key, next, 0);
        return result < 0 ? Answers.Of(result) : Answer.Ok with { Key = objects.Symbolic(map, next) };
    }

    public Answer Freeze(MapFreeze op) => Answers.Of(BpfCall.MapFreeze(objects.Map(op.Map).Descriptor));

    public Answer Close(MapClose op) =>
        Answers.Of(KernelObjects.Close(objects.Maps, "map", op.Map, map => map.Descriptor));

    public Answer Await(Await op)
    {
        var map = objects.Map(op.Map);
        var value = new byte[map.UserValueSize(cpus)];
        var key = objects.KeyBytes(map, op.Key);
        var patience = new Patience();
        while (!patience.IsAtEnd)
        {
            var result = BpfCall.Element(BpfCommand.MapLookupElem, map.Descriptor, key, value, 0);
            if (result < 0)
            {
                return Answers.Of(result);
            }

            if (BitConverter.ToUInt64(value, op.Offset) >= op.AtLeast)
            {
                return Answer.Ok;
            }

            Thread.Yield();
        }

        return Answers.Broken($"{op.Map} did not reach {op.AtLeast} within {Patience.Length.TotalSeconds} s");
    }
}
