using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>The steps that stand before the first: whatever no step makes, cgroups first, then maps, then programs.</summary>
internal static class SetupSteps
{
    public static IReadOnlyList<Step> Of(
        CaseScope scope,
        LocatedNode cgroups,
        LocatedNode maps,
        LocatedNode programs,
        IReadOnlyList<Step> steps
    )
    {
        var made = steps
            .SelectMany(step => step.Tracks.Count == 0 ? [step] : step.Tracks.SelectMany(track => track.Steps))
            .Select(step => step.Operation)
            .ToArray();
        var madeCgroups = made.OfType<CgroupCreate>().Select(create => create.Cgroup).ToHashSet();
        var madeMaps = made.OfType<MapCreate>().Select(create => create.Map).ToHashSet();
        var reopened = made.OfType<MapReopen>().Select(reopen => reopen.Map).ToHashSet();
        var madePrograms = made.OfType<ProgLoad>().Select(load => load.Program).ToHashSet();

        var setup = new List<Step>();
        foreach (var create in scope.Cgroups.Values.Where(create => !madeCgroups.Contains(create.Cgroup)))
        {
            if (create.Parent is { } parent && madeCgroups.Contains(parent))
                Late(create.Cgroup, cgroups, $"its parent \"{parent}\"");
            Add("cgroup_create", create, create.Cgroup, cgroups);
        }

        foreach (var create in scope.Maps.Values.Where(create => !madeMaps.Contains(create.Map)))
        {
            if (!scope.Aliases.TryGetValue(create.Map, out var of))
                Add("map_create", create, create.Map, maps);
            else if (!reopened.Contains(create.Map))
                Add("map_reopen", new MapReopen(create.Map, of), create.Map, maps);
        }

        madeMaps.UnionWith(reopened);
        foreach (var program in scope.Programs.Values.Where(program => !madePrograms.Contains(program.Name)))
        {
            if (program.Load.Maps.FirstOrDefault(reference => madeMaps.Contains(reference.Map)).Map is { } map)
                Late(program.Name, programs, $"its map \"{map}\"");
            Add("prog_load", program.Load, program.Name, programs);
        }

        return setup;

        void Add(string op, Operation operation, string name, LocatedNode where) =>
            setup.Add(
                new Step
                {
                    Index = -1,
                    Pointer = where.Member(name)?.Pointer ?? where.Pointer,
                    Op = op,
                    Operation = operation,
                }
            );

        void Late(string name, LocatedNode where, string what) =>
            scope.Errors.Add(
                where.Member(name) ?? where,
                $"\"{name}\" is made before the first step, but {what} is made by a step: make both by steps"
            );
    }
}
