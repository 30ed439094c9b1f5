using System.Buffers.Binary;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Mutants;

/// <summary>Wrong answers to the question which storage an attachment works on.</summary>
internal static class WrongStorages
{
    private const byte Dirt = 0xa5;

    /// <summary>Every run begins with a new storage in the place of the one there was.</summary>
    public static StorageRules AllocatedPerRun { get; } = new() { AtRun = (attachment, _) => Each(attachment, Renew) };

    /// <summary>The storage is looked up at run time, by the cgroup of the event.</summary>
    public static StorageRules OfTheRunningCgroup { get; } =
        new()
        {
            AtRun = (attachment, cgroup) =>
                Each(
                    attachment,
                    storage => StorageRules.FindOrCreate(storage.Map, cgroup, attachment.AttachType) ?? storage
                ),
        };

    /// <summary>A new storage holds what somebody left in its memory.</summary>
    public static StorageRules NotZeroed { get; } =
        new()
        {
            Bind = (map, cgroup, attachType) =>
                map.Find(cgroup.Id, attachType) ?? Dirty(map.Create(cgroup.Id, attachType)),
        };

    /// <summary>A per-CPU storage has one area that counts: that of CPU 0.</summary>
    public static StorageRules SharedAcrossCpus { get; } =
        new() { AtRun = (attachment, _) => Each(attachment, OneArea) };

    private static BoundStorages Each(Attachment attachment, Func<Storage, Storage> replace)
    {
        var (shared, perCpu) = attachment.Storages;
        return new BoundStorages(shared is null ? null : replace(shared), perCpu is null ? null : replace(perCpu));
    }

    // An update gives a shared storage a new buffer. A per-CPU storage keeps its areas for life, so the run gets another one
    // that nobody else ever sees.
    private static Storage Renew(Storage bound)
    {
        if (bound.Map.Kind == StorageKind.PerCpu)
        {
            return bound.Map.Allocate(bound.CgroupId, bound.AttachType) ?? bound;
        }

        Overwrite(bound, 0);
        return bound;
    }

    private static Storage? Dirty(Storage? storage)
    {
        if (storage is not null)
        {
            Overwrite(storage, Dirt);
        }

        return storage;
    }

    private static void Overwrite(Storage storage, byte content)
    {
        Span<byte> key = stackalloc byte[CgroupStorageMap.IsolatedKeySize];
        BinaryPrimitives.WriteUInt64LittleEndian(key, storage.CgroupId);
        BinaryPrimitives.WriteUInt32LittleEndian(key[sizeof(ulong)..], (uint)storage.AttachType);
        var value = new byte[storage.Map.UserValueSize];
        value.AsSpan().Fill(content);
        storage.Map.Update(key[..storage.Map.Definition.KeySize], value, flags: 0);
    }

    // A storage with one buffer has it on every CPU.
    private static Storage OneArea(Storage storage) =>
        storage.Map.Kind == StorageKind.Shared
            ? storage
            : new Storage(storage.Map, storage.CgroupId, storage.AttachType, [storage.AddressOn(0)]);
}
