using Conformance.Harness.Machines;
using Conformance.Linux.Host;

namespace Conformance.Linux.Calls;

/// <summary>Takes capabilities from the calling thread, and gives them back when disposed. Other threads keep theirs.</summary>
internal readonly unsafe ref struct Capabilities
{
    private const uint Version3 = 0x20080522;
    private const int Words = 6;
    private const int SysAdmin = 21;

    private readonly bool _changed;
    private readonly (uint Low, uint High) _before;

    private Capabilities(uint low, uint high)
    {
        _changed = true;
        _before = (low, high);
    }

    /// <summary>Goes on without these, and without CAP_SYS_ADMIN, which includes them; without none nothing changes.</summary>
    public static Capabilities Without(IReadOnlyList<Capability> taken)
    {
        if (taken.Count == 0)
        {
            return default;
        }

        var header = stackalloc uint[] { Version3, 0 };
        var data = stackalloc uint[Words];
        if (Libc.CapGet(header, data) < 0)
        {
            throw new IOException($"capget: {HostErrno.Name(Libc.LastErrno)}");
        }

        // Effective, permitted, inheritable, twice: the second time for capabilities from 32.
        var before = new Capabilities(data[0], data[3]);
        var effective = (ulong)data[3] << 32 | data[0];
        effective &= ~(1UL << SysAdmin);
        foreach (var capability in taken)
        {
            effective &= ~(1UL << Bit(capability));
        }

        Set(header, data, (uint)effective, (uint)(effective >> 32));
        return before;
    }

    public void Dispose()
    {
        if (_changed)
        {
            var header = stackalloc uint[] { Version3, 0 };
            var data = stackalloc uint[Words];
            _ = Libc.CapGet(header, data);
            Set(header, data, _before.Low, _before.High);
        }
    }

    private static void Set(uint* header, uint* data, uint low, uint high)
    {
        (data[0], data[3]) = (low, high);
        if (Libc.CapSet(header, data) < 0)
        {
            throw new IOException($"capset: {HostErrno.Name(Libc.LastErrno)}");
        }
    }

    private static int Bit(Capability capability) =>
        capability switch
        {
            Capability.Bpf => 39,
            Capability.Perfmon => 38,
            _ => 12,
        };
}
