namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Which bytes of an arena belong to live objects: for each granule of 8 bytes, how many of its first bytes are valid (0 to 8).
/// Objects start at granules and have dead bytes behind them, so that a run of valid bytes is one object.
/// </summary>
internal sealed unsafe class Liveness : IDisposable
{
    private const int Granule = 8;

    // Stands behind the accessible part, so that looking at the granule after the last is harmless.
    private const int Margin = 4096;

    private readonly HostMemory _valid;

    public Liveness(long arenaSize) => _valid = new HostMemory(arenaSize / Granule + Margin);

    public bool Commit(long arenaBytes) => _valid.Commit(arenaBytes / Granule + Margin);

    /// <summary>Makes the bytes valid. <paramref name="offset"/> is a multiple of 8.</summary>
    public void Set(long offset, long size)
    {
        var granules = _valid.Start + offset / Granule;
        new Span<byte>(granules, checked((int)(size / Granule))).Fill(Granule);
        if (size % Granule != 0)
        {
            granules[size / Granule] = (byte)(size % Granule);
        }
    }

    /// <summary>Makes the bytes of the granules touched invalid.</summary>
    public void Clear(long offset, long size) =>
        new Span<byte>(_valid.Start + offset / Granule, checked((int)((size + Granule - 1) / Granule))).Clear();

    /// <summary>Whether all the bytes are valid. They lie in the accessible part.</summary>
    public bool Covers(long offset, int size)
    {
        var granule = _valid.Start + offset / Granule;
        for (var end = (int)(offset % Granule) + size; end > 0; end -= Granule, granule++)
        {
            if (Volatile.Read(ref *granule) < Math.Min(end, Granule))
            {
                return false;
            }
        }

        return true;
    }

    public void Reset(long arenaBytes) => _valid.Clear(arenaBytes / Granule + 1);

    public void Dispose() => _valid.Dispose();
}
