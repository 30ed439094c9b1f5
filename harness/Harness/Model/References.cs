using System.Collections.Immutable;

namespace Conformance.Harness.Model;

/// <summary>
/// What keeps things alive: a program its descriptor and its attachments, a map its descriptor and the programs that refer to
/// it. A map that goes takes its storages with it.
/// </summary>
internal static class References
{
    public static ModelState Release(ModelState state)
    {
        var attached = state
            .Cgroups.Values.SelectMany(cgroup => cgroup.Hooks.Values)
            .SelectMany(hook => hook.Attachments)
            .Select(attachment => attachment.Program)
            .Concat(state.Links.Values.Select(link => link.Program))
            .ToHashSet();
        var programs = state.Programs.Where(entry => entry.Value.Open || attached.Contains(entry.Key));
        state = state with { Programs = programs.ToImmutableDictionary() };

        var referred = state.Programs.Values.SelectMany(program => program.Sketch.Maps).ToHashSet();
        var maps = state.Maps.Where(entry => entry.Value.Open || referred.Contains(entry.Key));
        return state with { Maps = maps.ToImmutableDictionary() };
    }
}
