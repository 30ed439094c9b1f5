using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm;

/// <content>Cgroups, attaching and queries.</content>
public sealed partial class Machine
{
    /// <summary>Creates a cgroup below another, or below the root where <paramref name="parent"/> is 0.</summary>
    /// <returns>EBADF where the parent is no cgroup's descriptor, ENOENT where it has been removed.</returns>
    public Errno CgroupCreate(int parent, out int descriptor)
    {
        lock (_gate)
        {
            descriptor = -1;
            var above = parent == 0 ? _hierarchy.Root : Find<Cgroup>(parent);
            if (above is null)
            {
                return Errno.EBADF;
            }

            if (above.IsRemoved)
            {
                return Errno.ENOENT;
            }

            descriptor = _descriptors.Open(_hierarchy.Create(above));
            return Errno.None;
        }
    }

    /// <summary>rmdir: EBUSY while it has children, ENOENT where it is gone already. The descriptor stays open and leads nowhere.</summary>
    public Errno CgroupRemove(int descriptor)
    {
        lock (_gate)
        {
            return Find<Cgroup>(descriptor) is { } cgroup ? _hierarchy.Remove(cgroup) : Errno.EBADF;
        }
    }

    /// <summary>The cgroup's id, as in storage keys; 0 where the descriptor is no cgroup's.</summary>
    public ulong CgroupId(int descriptor)
    {
        lock (_gate)
        {
            return Find<Cgroup>(descriptor)?.Id ?? 0;
        }
    }

    /// <summary>BPF_PROG_ATTACH.</summary>
    /// <param name="program">attach_bpf_fd.</param>
    /// <param name="cgroup">target_fd.</param>
    /// <param name="attachType">The attach type, which becomes part of 16-byte storage keys.</param>
    /// <param name="flags">attach_flags.</param>
    /// <param name="replaced">replace_bpf_fd.</param>
    /// <param name="relative">relative_fd, or with <see cref="AttachFlags.Id"/> relative_id.</param>
    /// <param name="expectedRevision">expected_revision; 0 demands none.</param>
    public Errno ProgAttach(
        int program,
        int cgroup,
        AttachType attachType,
        AttachFlags flags = AttachFlags.None,
        int replaced = 0,
        int relative = 0,
        ulong expectedRevision = 0
    )
    {
        lock (_gate)
        {
            if (
                TypeOf(attachType) is not { } type
                || flags.Has(~(AttachFlags.ProgramMask & KnownAttachFlags))
                || !CanDemand(expectedRevision)
            )
            {
                return Errno.EINVAL;
            }

            var errno = FindProgram(program, type, out var attached);
            if (errno == Errno.None)
            {
                errno = CheckAttachType(attached!, attachType, checksDirection: Behaviour.EgressReportsCongestion);
            }

            if (errno != Errno.None)
            {
                return errno;
            }

            if (Find<Cgroup>(cgroup) is not { } target)
            {
                return Errno.EBADF;
            }

            if (target.IsRemoved)
            {
                return Errno.ENOENT;
            }

            LoadedProgram? old = null;
            const AttachFlags multiReplace = AttachFlags.AllowMulti | AttachFlags.Replace;
            if ((flags & multiReplace) == multiReplace)
            {
                errno = FindProgram(replaced, type, out old);
                if (errno != Errno.None)
                {
                    return errno;
                }
            }

            return _hierarchy.Attach(
                target,
                attachType,
                new AttachRequest(attached!, flags)
                {
                    Replaced = old,
                    Anchor = FindAnchor(flags, relative, type),
                    ExpectedRevision = expectedRevision,
                }
            );
        }
    }

    /// <summary>BPF_PROG_DETACH. A descriptor that names no program of the attach type's type counts as none, which is enough in the modes that have one program.</summary>
    public Errno ProgDetach(
        int program,
        int cgroup,
        AttachType attachType,
        AttachFlags flags = AttachFlags.None,
        ulong expectedRevision = 0
    )
    {
        lock (_gate)
        {
            if (TypeOf(attachType) is not { } type || flags != AttachFlags.None || !CanDemand(expectedRevision))
            {
                return Errno.EINVAL;
            }

            if (Find<Cgroup>(cgroup) is not { } target)
            {
                return Errno.EBADF;
            }

            _ = FindProgram(program, type, out var named);
            return _hierarchy.Detach(target, attachType, named, expectedRevision);
        }
    }

    /// <summary>BPF_PROG_QUERY, without a limit of the answer.</summary>
    /// <param name="cgroup">The cgroup.</param>
    /// <param name="attachType">The attach type.</param>
    /// <param name="effective">Whether to include what is inherited, in the order of running; mode and revision are then 0.</param>
    /// <param name="result">The programs in order, those of links too.</param>
    public Errno ProgQuery(int cgroup, AttachType attachType, bool effective, out QueryResult result)
    {
        lock (_gate)
        {
            result = QueryResult.Empty;
            if (TypeOf(attachType) is null)
            {
                return Errno.EINVAL;
            }

            if (Find<Cgroup>(cgroup) is not { } target)
            {
                return Errno.EBADF;
            }

            if (target.IsRemoved)
            {
                return Errno.ENOENT;
            }

            var list = target.ListOf(attachType);
            result = effective
                ? new([.. target.Effective(attachType).Select(item => item.Program.Id)], AttachFlags.None, 0)
                : new([.. list.Items.Select(item => item.Program.Id)], list.Mode, list.Revision);
            return Errno.None;
        }
    }

    private ProgramType? TypeOf(AttachType attachType) =>
        Behaviour.AttachTypes.Contains(attachType) ? ProgramTypes.Of(attachType) : null;

    private AttachFlags KnownAttachFlags =>
        AttachFlags.ModeMask
        | (Behaviour.AttachReplace ? AttachFlags.Replace : AttachFlags.None)
        | (Behaviour.AttachPreorder ? AttachFlags.Preorder : AttachFlags.None)
        | (Behaviour.AttachAnchors ? AttachFlags.AnchorMask : AttachFlags.None);

    // A field that a kernel does not know must be zero.
    private bool CanDemand(ulong revision) => Behaviour.AttachAnchors || revision == 0;

    // EBADF for what is not open, EINVAL for what is something else.
    private Errno NotA(int descriptor) => _descriptors.Find(descriptor).Target is null ? Errno.EBADF : Errno.EINVAL;

    private Errno FindProgram(int descriptor, ProgramType type, out LoadedProgram? program)
    {
        program = Find<LoadedProgram>(descriptor);
        if (program is null)
        {
            return NotA(descriptor);
        }

        if (program.Type == type)
        {
            return Errno.None;
        }

        program = null;
        return Errno.EINVAL;
    }

    private static Errno CheckAttachType(LoadedProgram program, AttachType attachType, bool checksDirection)
    {
        var isTied =
            ProgramTypes.Of(program.Type).AttachesOnlyAsExpected || checksDirection && program.Code.TiedToExpected;
        return isTied && program.Code.Expected != attachType ? Errno.EINVAL : Errno.None;
    }

    private Anchor FindAnchor(AttachFlags flags, int relative, ProgramType type)
    {
        var isId = flags.Has(AttachFlags.Id);
        if (flags.Has(AttachFlags.Link))
        {
            if (!isId && relative == 0)
            {
                return new(IsNamed: false, Error: Errno.EINVAL);
            }

            var link = isId ? _linksById.GetValueOrDefault(relative) : Find<Link>(relative);
            return link is null ? new(IsNamed: true, Error: isId ? Errno.ENOENT : NotA(relative))
                : link.Program.Type != type ? new(IsNamed: true, Error: Errno.EINVAL)
                : new(IsNamed: true, Link: link);
        }

        if (!isId && relative == 0)
        {
            return default;
        }

        var program = isId ? _programsById.GetValueOrDefault(relative) : Find<LoadedProgram>(relative);
        return program is null ? new(IsNamed: true, Error: isId ? Errno.ENOENT : NotA(relative))
            : program.Type != type ? new(IsNamed: true, Error: Errno.EINVAL)
            : new(IsNamed: true, program);
    }
}
