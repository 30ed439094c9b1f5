using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm;

/// <content>Links.</content>
public sealed partial class Machine
{
    /// <summary>BPF_LINK_CREATE. The link holds the program; it is detached with its descriptor.</summary>
    public Errno LinkCreate(
        int program,
        int cgroup,
        AttachType attachType,
        out int descriptor,
        AttachFlags flags = AttachFlags.None,
        int relative = 0,
        ulong expectedRevision = 0
    )
    {
        lock (_gate)
        {
            descriptor = -1;
            if (!Behaviour.Links)
            {
                return Errno.EINVAL;
            }

            if (Find<LoadedProgram>(program) is not { } attached)
            {
                return NotA(program);
            }

            if (TypeOf(attachType) != attached.Type)
            {
                return Errno.EINVAL;
            }

            var errno = CheckAttachType(attached, attachType, Behaviour.LinkChecksExpectedDirection);
            if (errno != Errno.None)
            {
                return errno;
            }

            if (flags.Has(~(AttachFlags.LinkMask & KnownAttachFlags)) || !CanDemand(expectedRevision))
            {
                return Errno.EINVAL;
            }

            if (Find<Cgroup>(cgroup) is not { } target)
            {
                return Errno.EBADF;
            }

            var link = new Link(_lastLinkId + 1, attached, attachType);
            errno = _hierarchy.Attach(
                target,
                attachType,
                new AttachRequest(attached, flags | AttachFlags.AllowMulti)
                {
                    Link = link,
                    Anchor = FindAnchor(flags, relative, attached.Type),
                    ExpectedRevision = expectedRevision,
                }
            );
            if (errno != Errno.None)
            {
                return errno;
            }

            _lastLinkId = link.Id;
            _linksById.Add(link.Id, link);
            Hold(attached);
            descriptor = _descriptors.Open(link);
            return Errno.None;
        }
    }

    /// <summary>BPF_LINK_UPDATE.</summary>
    /// <param name="link">The link.</param>
    /// <param name="program">The new program.</param>
    /// <param name="replace">BPF_F_REPLACE: the link must hold <paramref name="old"/>.</param>
    /// <param name="old">old_prog_fd; anything but 0 without <paramref name="replace"/> is EINVAL.</param>
    public Errno LinkUpdate(int link, int program, bool replace = false, int old = 0)
    {
        lock (_gate)
        {
            if (!Behaviour.Links)
            {
                return Errno.EINVAL;
            }

            if (Find<Link>(link) is not { } updated)
            {
                return NotA(link);
            }

            if (Find<LoadedProgram>(program) is not { } next)
            {
                return NotA(program);
            }

            LoadedProgram? expected = null;
            if (replace)
            {
                expected = Find<LoadedProgram>(old);
                if (expected is null)
                {
                    return NotA(old);
                }
            }
            else if (old != 0)
            {
                return Errno.EINVAL;
            }

            var before = updated.Program;
            var errno = _hierarchy.Update(updated, next, expected, Behaviour.LinkUpdateKeepsStorageMaps);
            if (errno == Errno.None)
            {
                Hold(next);
                Release(before);
            }

            return errno;
        }
    }

    /// <summary>BPF_LINK_DETACH: succeeds a second time too, and after the cgroup is gone.</summary>
    public Errno LinkDetach(int link)
    {
        lock (_gate)
        {
            if (!Behaviour.LinkDetach)
            {
                return Errno.EINVAL;
            }

            if (Find<Link>(link) is not { } detached)
            {
                return NotA(link);
            }

            _hierarchy.Detach(detached);
            return Errno.None;
        }
    }

    /// <summary>The id of a link, or 0 where the descriptor is no link's.</summary>
    public int LinkId(int link)
    {
        lock (_gate)
        {
            return Find<Link>(link)?.Id ?? 0;
        }
    }
}
