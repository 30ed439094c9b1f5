using System.Text.Json.Nodes;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation;

/// <summary>Operations as steps of a vector file. What is left out here is left out in the file: defaults.</summary>
internal static class ReproductionStep
{
    public static JsonObject Of(Operation operation) =>
        operation switch
        {
            CgroupCreate create => Step("cgroup_create", ("cgroup", create.Cgroup)),
            CgroupRemove remove => Step("cgroup_remove", ("cgroup", remove.Cgroup)),
            MapCreate create => Step("map_create", ("map", create.Map)),
            MapClose close => Step("map_close", ("map", close.Map)),
            MapFreeze freeze => Step("map_freeze", ("map", freeze.Map)),
            MapLookupElem lookup => Step(
                "map_lookup_elem",
                ("map", lookup.Map),
                ("key", Key(lookup.Key)),
                ("flags", Flags(lookup.Flags))
            ),
            MapUpdateElem update => Step(
                "map_update_elem",
                ("map", update.Map),
                ("key", Key(update.Key)),
                ("value", new JsonObject { ["hex"] = Convert.ToHexStringLower(update.Value) }),
                ("flags", Flags(update.Flags))
            ),
            MapDeleteElem delete => Step("map_delete_elem", ("map", delete.Map), ("key", Key(delete.Key))),
            MapLookupAndDeleteElem take => Step(
                "map_lookup_and_delete_elem",
                ("map", take.Map),
                ("key", Key(take.Key)),
                ("flags", Flags(take.Flags))
            ),
            MapGetNextKey next => Step("map_get_next_key", ("map", next.Map), ("key", Key(next.Key))),
            ProgLoad load => Step("prog_load", ("program", load.Program)),
            ProgClose close => Step("prog_close", ("program", close.Program)),
            ProgAttach attach => Step(
                "prog_attach",
                ("program", attach.Program),
                ("cgroup", attach.Cgroup),
                ("attach_type", Names.Of(attach.AttachType)),
                ("flags", Flags(attach.Flags)),
                ("replace", attach.Replace),
                ("relative", attach.Relative),
                ("expected_revision", Flags(attach.ExpectedRevision))
            ),
            ProgDetach detach => Step(
                "prog_detach",
                ("program", detach.Program),
                ("cgroup", detach.Cgroup),
                ("attach_type", Names.Of(detach.AttachType)),
                ("flags", Flags(detach.Flags))
            ),
            LinkCreate link => Step(
                "link_create",
                ("link", link.Link),
                ("program", link.Program),
                ("cgroup", link.Cgroup),
                ("attach_type", Names.Of(link.AttachType)),
                ("flags", Flags(link.Flags)),
                ("relative", link.Relative),
                ("expected_revision", Flags(link.ExpectedRevision))
            ),
            LinkUpdate update => Step(
                "link_update",
                ("link", update.Link),
                ("program", update.Program),
                ("old", update.Old)
            ),
            LinkDetach detach => Step("link_detach", ("link", detach.Link)),
            LinkClose close => Step("link_close", ("link", close.Link)),
            ProgQuery query => Step(
                "prog_query",
                ("cgroup", query.Cgroup),
                ("attach_type", Names.Of(query.AttachType)),
                ("effective", query.Effective ? true : null)
            ),
            ProgTestRun run => Step(
                "prog_test_run",
                ("program", run.Program),
                ("data", Convert.ToHexStringLower(run.Data)),
                ("repeat", run.Repeat == 1 ? null : run.Repeat)
            ),
            Fire fire => Step(
                "fire",
                ("cgroup", fire.Cgroup),
                ("attach_type", Names.Of(fire.AttachType)),
                ("cpu", fire.Cpu == 0 ? null : fire.Cpu),
                ("times", fire.Times == 1 ? null : fire.Times),
                ("event", Event(fire.Event))
            ),
            _ => throw new ArgumentOutOfRangeException(
                nameof(operation),
                operation,
                "Sequences have no such operation."
            ),
        };

    public static JsonObject Definition(MapCreate create) =>
        Object(
            ("type", MapTypeNames.Of(create.Type)),
            ("key_size", create.KeySize),
            ("value_size", create.ValueSize),
            ("max_entries", create.MaxEntries == 0 ? null : create.MaxEntries),
            ("flags", Flags(create.Flags)),
            ("spin_lock_offset", create.SpinLockOffset)
        );

    public static JsonObject? Key(MapKey? key) =>
        key switch
        {
            StorageKey storage => Object(
                ("cgroup", storage.Cgroup),
                ("attach_type", storage.AttachType is { } type ? Names.Of(type) : null),
                ("padding", storage.Padding == 0 ? null : storage.Padding)
            ),
            RawKey raw => Object(("hex", Convert.ToHexStringLower(raw.Bytes))),
            _ => null,
        };

    private static JsonObject? Event(EventParameters? parameters) =>
        parameters?.Payload is { } payload ? Object(("payload", Convert.ToHexStringLower(payload))) : null;

    private static JsonNode? Flags(ulong flags) =>
        flags switch
        {
            0 => null,
            <= int.MaxValue => JsonValue.Create((int)flags),
            _ => JsonValue.Create($"0x{flags:x}"),
        };

    private static JsonObject Step(string op, params ReadOnlySpan<(string Name, JsonNode? Value)> fields) =>
        Object([("op", op), .. fields]);

    private static JsonObject Object(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var result = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                result[name] = value;
            }
        }

        return result;
    }
}
