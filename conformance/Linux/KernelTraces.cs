using System.Text;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;

namespace Conformance.Tests.Linux;

/// <summary>What a process has in the kernel, or has left there: looked up, not asked of it.</summary>
internal static unsafe class KernelTraces
{
    // Commands of bpf(2) that list all objects of a kind by their ids, and where the info of each kind has its name.
    private static readonly Kind Programs = new("program", NextId: 11, DescriptorById: 13, NameOffset: 64);
    private static readonly Kind Maps = new("map", NextId: 12, DescriptorById: 14, NameOffset: 24);
    private static readonly Kind Links = new("link", NextId: 31, DescriptorById: 30, NameOffset: -1);

    /// <summary>Programs, maps, links of those programs, cgroups and the process itself.</summary>
    public static IReadOnlyList<string> Of(int process)
    {
        var name = ObjectName.Of(process);
        var programs = Ids(Programs).Where(id => Name(Programs, id) == name).ToList();
        return
        [
            .. programs.Select(id => $"program {id}"),
            .. Ids(Maps).Where(id => Name(Maps, id) == name).Select(id => $"map {id}"),
            .. Ids(Links).Where(id => programs.Contains(ProgramOfLink(id))).Select(id => $"link {id}"),
            .. Cgroups(process).Select(cgroup => $"cgroup {cgroup}"),
            .. Directory.Exists($"/proc/{process}") ? [$"process {process}"] : Array.Empty<string>(),
        ];
    }

    /// <summary>The process's own cgroups, the top one first, below the top of the hierarchy.</summary>
    public static IReadOnlyList<string> Cgroups(int process)
    {
        using var root = CgroupRoot.Open();
        var top = Path.Combine(root.Path, Leftovers.Prefix + process);
        return Directory.Exists(top)
            ?
            [
                Path.GetRelativePath(root.Path, top),
                .. Directory
                    .EnumerateDirectories(top, "*", SearchOption.AllDirectories)
                    .Select(directory => Path.GetRelativePath(root.Path, directory)),
            ]
            : [];
    }

    /// <summary>How many programs of an attach type are attached in one of the process's cgroups.</summary>
    public static int Attached(int process, uint attachType)
    {
        using var root = CgroupRoot.Open();
        return Cgroups(process)
            .Sum(cgroup =>
            {
                using var directory = new Descriptor(
                    Libc.OpenAt(root.Descriptor, cgroup, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC)
                );
                _ = BpfCall.ProgQuery(
                    directory.Number,
                    attachType,
                    effective: false,
                    capacity: null,
                    out _,
                    out var ids
                );
                return ids.Length;
            });
    }

    private static IEnumerable<uint> Ids(Kind kind)
    {
        var last = 0u;
        while (TryNext(kind, last, out var next))
        {
            yield return next;
            last = next;
        }
    }

    private static bool TryNext(Kind kind, uint last, out uint next)
    {
        var attr = stackalloc uint[] { last, 0, 0 };
        var found = Libc.Syscall(Libc.BpfNumber, kind.NextId, (nint)attr, 12) == 0;
        next = attr[1];
        return found;
    }

    private static string Name(Kind kind, uint id)
    {
        var info = Info(kind, id);
        var name = info.AsSpan(kind.NameOffset, ObjectName.Size);
        return Encoding.ASCII.GetString(name[..Math.Max(name.IndexOf((byte)0), 0)]);
    }

    private static uint ProgramOfLink(uint id)
    {
        const int ProgramOffset = 8;
        return BitConverter.ToUInt32(Info(Links, id), ProgramOffset);
    }

    // Zeros for an object that has gone meanwhile.
    private static byte[] Info(Kind kind, uint id)
    {
        var info = new byte[256];
        var byId = stackalloc uint[] { id, 0, 0 };
        using var found = new Descriptor((int)Libc.Syscall(Libc.BpfNumber, kind.DescriptorById, (nint)byId, 12));
        if (found.IsOpen)
        {
            fixed (byte* pointer = info)
            {
                var attr = stackalloc ulong[] { (uint)found.Number | (ulong)info.Length << 32, (ulong)pointer };
                _ = Libc.Syscall(Libc.BpfNumber, (nint)BpfCommand.ObjGetInfoByFd, (nint)attr, 16);
            }
        }

        return info;
    }

    private sealed record Kind(string Name, nint NextId, nint DescriptorById, int NameOffset);
}
