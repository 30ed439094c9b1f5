using Conformance.ReferenceVm.Maps;

namespace Conformance.Linux;

/// <summary>A map of a case: its descriptor and what is needed to talk to it. <c>Serial</c> is never used twice, as descriptors are.</summary>
internal readonly record struct KernelMap(int Serial, int Descriptor, MapType Type, int KeySize, int ValueSize)
{
    public bool IsStorage => Type is MapType.CgroupStorage or MapType.PercpuCgroupStorage;

    /// <summary>Bytes that a lookup writes and an update reads.</summary>
    public int UserValueSize(int cpus) =>
        Type is MapType.PercpuCgroupStorage or MapType.PercpuArray ? (ValueSize + 7 & ~7) * cpus : ValueSize;
}
