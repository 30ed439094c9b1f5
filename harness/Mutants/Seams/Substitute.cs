using System.Runtime.CompilerServices;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Seams;

/// <summary>Other storages in the place of the bound ones.</summary>
internal static class Substitute
{
    public static BoundStorages Each(Attachment attachment, Func<Storage, Storage> replace)
    {
        var (shared, perCpu) = attachment.Storages;
        return new BoundStorages(shared is null ? null : replace(shared), perCpu is null ? null : replace(perCpu));
    }

    /// <summary>
    /// A storage for each owner of a bound one: the first owner keeps what was bound, every other has one that user space does not see.
    /// </summary>
    public static StorageRules PerOwner<T>(Func<Attachment, T> owner)
        where T : notnull
    {
        var storages = new ConditionalWeakTable<Storage, Dictionary<T, Storage>>();
        return new StorageRules { AtRun = (attachment, _) => Each(attachment, bound => Of(bound, owner(attachment))) };

        Storage Of(Storage bound, T one)
        {
            var owners = storages.GetValue(bound, _ => []);
            lock (owners)
            {
                if (!owners.TryGetValue(one, out var own))
                {
                    own = owners.Count == 0 ? bound : bound.Map.Allocate(bound.CgroupId, bound.AttachType) ?? bound;
                    owners.Add(one, own);
                }

                return own;
            }
        }
    }

    /// <summary>The same storage with other buffers.</summary>
    public static Storage With(Storage storage, params ulong[] buffers) =>
        new(storage.Map, storage.CgroupId, storage.AttachType, buffers);
}
