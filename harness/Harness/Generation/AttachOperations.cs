using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation;

/// <summary>Draws operations that attach and detach, and the events that run what is attached.</summary>
internal sealed class AttachOperations(Draw draw, IReadOnlyList<AttachType> alphabet)
{
    private int _links;

    public ProgAttach? Attach(ModelState state)
    {
        if (draw.Program(state) is not { Sketch: var program } || draw.Cgroup(state) is not { } cgroup)
        {
            return null;
        }

        var type = TypeFor(program);
        var hook = cgroup.Hook(type);
        var mode =
            hook.Attachments.IsEmpty || draw.Chance(6)
                ? draw.Weighted(
                    (7, AttachFlags.AllowMulti),
                    (2, AttachFlags.AllowOverride),
                    (1, 0u),
                    (draw.Of(0, 0, 1), 3u)
                )
                : (uint)hook.Mode;
        var attach = new ProgAttach(program.Name, cgroup.Name, type, mode);
        if (draw.Chance(3))
        {
            attach = attach with { Flags = attach.Flags | draw.Of(1u << 20, 128u, AttachFlags.Replace) };
        }

        if (draw.Chance(6))
        {
            attach = attach with { ExpectedRevision = draw.Chance(75) ? hook.Revision : hook.Revision + 3 };
        }

        if (mode != AttachFlags.AllowMulti)
        {
            return attach;
        }

        var (flags, relative) = Position(
            hook,
            other => other.Link is null && state.Programs[other.Program].Open ? other.Program : null
        );
        return attach with { Flags = attach.Flags | flags, Relative = relative };
    }

    public ProgAttach? Replace(ModelState state)
    {
        if (Occupied(state, hook => hook.Mode == AttachMode.Multi) is not var (cgroup, type, hook))
        {
            return null;
        }

        var named = hook.Attachments.Where(other => state.Programs[other.Program].Open);
        var old = draw.OneOf(named.Where(other => other.Link is null || draw.Chance(5)))?.Program;
        var replacement = draw.Program(state, sketch => AttachTypeRules.Fits(sketch, type))?.Sketch.Name;
        return old is null || replacement is null
            ? null
            : new ProgAttach(replacement, cgroup.Name, type, AttachFlags.AllowMulti | AttachFlags.Replace)
            {
                Replace = old,
            };
    }

    public ProgDetach? Detach(ModelState state)
    {
        if (Occupied(state, _ => true) is not var (cgroup, type, hook))
        {
            return draw.Cgroup(state) is { } any ? new ProgDetach(null, any.Name, draw.Of(alphabet)) : null;
        }

        // A program whose descriptor is closed cannot be named any more; without a name only single modes detach.
        var attached = draw.Of(hook.Attachments).Program;
        var named = draw.Chance(85) && state.Programs[attached].Open ? attached : draw.Program(state)?.Sketch.Name;
        return new ProgDetach(draw.Chance(96) ? named : null, cgroup.Name, type);
    }

    public LinkCreate? Link(ModelState state)
    {
        if (draw.Program(state) is not { Sketch: var program } || draw.Cgroup(state) is not { } cgroup)
        {
            return null;
        }

        var type = TypeFor(program);
        var (flags, relative) = Position(cgroup.Hook(type), other => other.Link);
        flags |= relative is null ? 0 : AttachFlags.Link;
        flags |= draw.Chance(3) ? draw.Of(AttachFlags.AllowMulti, AttachFlags.AllowOverride, AttachFlags.Replace) : 0;
        return new LinkCreate($"l{_links++}", program.Name, cgroup.Name, type, flags) { Relative = relative };
    }

    public LinkUpdate? UpdateLink(ModelState state)
    {
        if (draw.Link(state) is not { } link)
        {
            return null;
        }

        var current = state.Programs[link.Program].Sketch;
        bool Suits(ProgramSketch sketch) =>
            sketch.Type == current.Type && sketch.Maps.Order().SequenceEqual(current.Maps.Order());
        var suited = draw.Program(state, sketch => Suits(sketch) || draw.Chance(10));
        var old = draw.Between(1, 10) switch
        {
            1 => draw.Program(state)?.Sketch.Name,
            < 5 when state.Programs[link.Program].Open => link.Program,
            _ => null,
        };
        return suited is null ? null : new LinkUpdate(link.Name, suited.Sketch.Name, old);
    }

    public LinkDetach? DetachLink(ModelState state) => draw.Link(state) is { } link ? new LinkDetach(link.Name) : null;

    public LinkClose? CloseLink(ModelState state) => draw.Link(state) is { } link ? new LinkClose(link.Name) : null;

    public ProgQuery? Query(ModelState state)
    {
        if (draw.Cgroup(state) is not { } cgroup)
        {
            return null;
        }

        var used = draw.OneOf(cgroup.Hooks.Keys.Order().Select(type => new ProgQuery(cgroup.Name, type)));
        return (used ?? new ProgQuery(cgroup.Name, draw.Of(alphabet))) with { Effective = draw.Chance(50) };
    }

    /// <summary>An event, most often one that runs something.</summary>
    public Fire? Fire(ModelState state)
    {
        var cgroup = draw.OneOf(state.Cgroups.Values.OrderBy(c => c.Id).Where(c => c.Alive));
        if (cgroup is null)
        {
            return null;
        }

        var running = alphabet.Where(type => CgroupRules.Effective(state, cgroup, type).Count > 0).ToList();
        var type = running.Count > 0 && draw.Chance(95) ? draw.Of(running) : draw.Of(alphabet);
        return new Fire(type, cgroup.Name, draw.Between(0, state.Cpus - 1), draw.Of(1, 1, 1, 2, 3));
    }

    private AttachType TypeFor(ProgramSketch program)
    {
        var fitting = alphabet.Where(type => AttachTypeRules.Fits(program, type)).ToList();
        return draw.Chance(4) ? draw.Of(alphabet) : draw.Of(fitting);
    }

    // Where in the list, and beside whom; the anchor is one of the attachments that have a name of the right sort.
    private (uint Flags, string? Relative) Position(Hook hook, Func<Attachment, string?> nameOf)
    {
        var preorder = draw.Chance(12) ? AttachFlags.Preorder : 0;
        if (!draw.Chance(25))
        {
            return (preorder, null);
        }

        var side = draw.Of(AttachFlags.Before, AttachFlags.After);
        if (draw.Chance(40))
        {
            return (preorder | side, null);
        }

        var anchor = draw.OneOf(hook.Attachments.Where(other => nameOf(other) is not null));
        return anchor is null
            ? (preorder, null)
            : (side | (anchor.Preorder ? AttachFlags.Preorder : 0), nameOf(anchor));
    }

    private (ModelCgroup Cgroup, AttachType Type, Hook Hook)? Occupied(ModelState state, Func<Hook, bool> suits)
    {
        var places =
            from cgroup in state.Cgroups.Values.OrderBy(cgroup => cgroup.Id)
            from entry in cgroup.Hooks.OrderBy(entry => entry.Key)
            where !entry.Value.Attachments.IsEmpty && suits(entry.Value)
            select (cgroup, entry.Key, entry.Value);
        var list = places.ToList();
        return list.Count == 0 ? null : draw.Of(list);
    }
}
