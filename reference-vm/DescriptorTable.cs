using System.Runtime.InteropServices;

namespace Conformance.ReferenceVm;

/// <summary>What a descriptor permits of a map. Other objects do not ask.</summary>
[Flags]
internal enum DescriptorAccess
{
    Read = 1,
    Write = 2,
    Both = Read | Write,
}

/// <summary>An open descriptor.</summary>
/// <param name="Target">The map, program, link or cgroup.</param>
/// <param name="Access">What it permits.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OpenDescriptor(object? Target, DescriptorAccess Access);

/// <summary>The open descriptors of a machine. The lowest free number is given, from 3: 0 to 2 are nobody's here.</summary>
internal sealed class DescriptorTable
{
    private const int First = 3;

    private readonly List<OpenDescriptor> _open = [];

    public int Open(object target, DescriptorAccess access = DescriptorAccess.Both)
    {
        var descriptor = new OpenDescriptor(target, access);
        var free = _open.FindIndex(open => open.Target is null);
        if (free >= 0)
        {
            _open[free] = descriptor;
            return free + First;
        }

        _open.Add(descriptor);
        return _open.Count - 1 + First;
    }

    public OpenDescriptor Find(int number) =>
        (uint)(number - First) < (uint)_open.Count ? _open[number - First] : default;

    public OpenDescriptor Close(int number)
    {
        var descriptor = Find(number);
        if (descriptor.Target is not null)
        {
            _open[number - First] = default;
        }

        return descriptor;
    }

    public void Clear() => _open.Clear();
}
