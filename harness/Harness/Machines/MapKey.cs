using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Machines;

/// <summary>A map key. Keys of storage maps are symbolic, because cgroup ids exist only at run time.</summary>
public abstract record MapKey;

/// <summary>A key as bytes.</summary>
public sealed record RawKey(byte[] Bytes) : MapKey
{
    /// <inheritdoc/>
    public bool Equals(RawKey? other) => other is not null && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => Bytes.Aggregate(17, (hash, value) => hash * 31 + value);
}

/// <summary>
/// The key of a storage. For a map with 8-byte keys it is the cgroup id alone; with 16-byte keys the attach type and four bytes
/// of padding follow.
/// </summary>
public sealed record StorageKey(string Cgroup, AttachType? AttachType = null, uint Padding = 0) : MapKey;
