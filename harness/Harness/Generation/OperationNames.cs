using Conformance.Harness.Machines;

namespace Conformance.Harness.Generation;

/// <summary>Which objects an operation makes and which it speaks of. Names of different sorts of objects never meet.</summary>
internal static class OperationNames
{
    public static string? MadeBy(Operation operation) =>
        operation switch
        {
            CgroupCreate create => Cgroup(create.Cgroup),
            MapCreate create => Map(create.Map),
            ProgLoad load => Program(load.Program),
            LinkCreate create => Link(create.Link),
            _ => null,
        };

    public static IEnumerable<string> UsedBy(Operation operation) =>
        operation switch
        {
            CgroupCreate { Parent: { } parent } => [Cgroup(parent)],
            CgroupRemove remove => [Cgroup(remove.Cgroup)],
            MapClose close => [Map(close.Map)],
            MapFreeze freeze => [Map(freeze.Map)],
            MapLookupElem lookup => [Map(lookup.Map), .. Key(lookup.Key)],
            MapUpdateElem update => [Map(update.Map), .. Key(update.Key)],
            MapDeleteElem delete => [Map(delete.Map), .. Key(delete.Key)],
            MapLookupAndDeleteElem take => [Map(take.Map), .. Key(take.Key)],
            MapGetNextKey next => [Map(next.Map), .. Key(next.Key)],
            ProgLoad load => load.Maps.Select(reference => Map(reference.Map)),
            ProgClose close => [Program(close.Program)],
            ProgAttach attach =>
            [
                Program(attach.Program),
                Cgroup(attach.Cgroup),
                .. Program(attach.Replace, attach.Relative),
            ],
            ProgDetach detach => [Cgroup(detach.Cgroup), .. Program(detach.Program, null)],
            LinkCreate create =>
            [
                Program(create.Program),
                Cgroup(create.Cgroup),
                .. create.Relative is null ? Array.Empty<string>() : [Link(create.Relative)],
            ],
            LinkUpdate update => [Link(update.Link), Program(update.Program), .. Program(update.Old, null)],
            LinkDetach detach => [Link(detach.Link)],
            LinkClose close => [Link(close.Link)],
            ProgQuery query => [Cgroup(query.Cgroup)],
            ProgTestRun run => [Program(run.Program)],
            Fire fire => [Cgroup(fire.Cgroup)],
            _ => [],
        };

    private static IEnumerable<string> Key(MapKey? key) => key is StorageKey storage ? [Cgroup(storage.Cgroup)] : [];

    private static IEnumerable<string> Program(string? first, string? second) =>
        new[] { first, second }.OfType<string>().Select(Program);

    private static string Cgroup(string name) => $"cgroup {name}";

    private static string Map(string name) => $"map {name}";

    private static string Program(string name) => $"program {name}";

    private static string Link(string name) => $"link {name}";
}
