using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Machines;

/// <content>What can be asked of a map's descriptor beyond the elements: maps of maps, batches, file operations.</content>
public sealed partial class ReferenceVirtualMachine
{
    // Only what these machines are asked for: whether a storage map may be the inner one.
    private Answer CreateMapOfMaps(MapCreate op, string inner)
    {
        var definition = _machine.MapOf(_objects.Map(inner))!.Definition;
        return definition.StorageKind is not null
            ? Answer.Fail(Errno.ENOTSUPP)
            : new Answer(AnswerKind.Unsupported) { Message = "the reference VM has no maps of maps" };
    }

    private Answer Batch(MapBatch op)
    {
        var map = _objects.Map(op.Map);
        return _machine.MapOf(map) is CgroupStorageMap
            ? Done(
                _machine.MapBatch(
                    map,
                    reads: op.Command is MapBatchCommand.Lookup or MapBatchCommand.LookupAndDelete,
                    writes: op.Command != MapBatchCommand.Lookup
                )
            )
            : new Answer(AnswerKind.Unsupported) { Message = "batch commands are offered for storage maps only" };
    }

    private Answer NullPointer(MapNullPointer op)
    {
        var map = _objects.Map(op.Map);
        var key = op.Null == MapPointer.Key || op.Key is null ? [] : _objects.KeyBytes(op.Map, op.Key);
        var value = op.Null == MapPointer.Value ? [] : _objects.ValueBuffer(op.Map);
        return Done(
            op.Command switch
            {
                MapElementCommand.LookupElem => _machine.MapLookup(map, key, value),
                MapElementCommand.LookupAndDeleteElem => _machine.MapLookupAndDelete(map, key, value),
                MapElementCommand.UpdateElem => _machine.MapUpdate(map, key, value),
                MapElementCommand.DeleteElem => _machine.MapDelete(map, key),
                _ => _machine.MapGetNextKey(map, key, value),
            }
        );
    }

    // A descriptor of a map can be mapped only where the map type has memory for it, and is never read or written as a file. A pinned map is shown as text
    // where there are types to show it by.
    private Answer File(MapFile op) =>
        (_machine.MapOf(_objects.Map(op.Map)), op.Call) switch
        {
            (not CgroupStorageMap, _) => new Answer(AnswerKind.Unsupported)
            {
                Message = "file operations are offered for storage maps only",
            },
            (_, MapFileCall.Mmap) => Answer.Fail(Errno.ENOTSUPP),
            ({ Definition.ValueType: not null }, MapFileCall.OpenPinned) => Answer.Ok,
            (_, MapFileCall.OpenPinned) => Answer.Fail(Errno.EIO),
            _ => Answer.Fail(Errno.EINVAL),
        };
}
