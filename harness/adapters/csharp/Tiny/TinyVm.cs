namespace Tiny;

/// <summary>Errors by their numbers, as bpf(2) has them.</summary>
internal static class Error
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int Invalid = 22;
}

/// <summary>A deliberately tiny eBPF machine, which stands for yours.</summary>
internal sealed class TinyVm
{
    private readonly Memory _memory = new();
    private readonly List<TinyMap> _maps = [];

    /// <summary>Null where there cannot be such a map.</summary>
    public TinyMap? CreateMap(int type, int keySize, int valueSize, int entries)
    {
        var map = TinyMap.Create(_memory, type, keySize, valueSize, entries);
        if (map is not null)
            _maps.Add(map);
        return map;
    }

    /// <summary>Null where the machine is too tiny for it.</summary>
    public TinyProgram? Load(byte[] instructions, out string why) => TinyProgram.Create(_memory, instructions, out why);

    /// <summary>Removes a cgroup with its storages.</summary>
    public int Remove(Cgroup cgroup)
    {
        var error = cgroup.Remove();
        if (error == 0)
            _maps.ForEach(map => map.Forget(cgroup));
        return error;
    }
}
