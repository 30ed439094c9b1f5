using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>Operations as one line of text, for reports: <c>fire cgroup_inet_egress in a on CPU 1</c>.</summary>
public static class OperationText
{
    /// <summary>The text of an operation.</summary>
    public static string Of(Operation operation) =>
        operation switch
        {
            CgroupCreate { Parent: null } create => $"cgroup_create {create.Cgroup}",
            CgroupCreate create => $"cgroup_create {create.Cgroup} below {create.Parent}",
            CgroupRemove remove => $"cgroup_remove {remove.Cgroup}",
            MapCreate create =>
                $"map_create {create.Map} ({MapTypeNames.Of(create.Type)}, key {create.KeySize}, value {create.ValueSize}"
                    + $", entries {create.MaxEntries}{Flags(create.Flags)})",
            MapClose close => $"map_close {close.Map}",
            MapFreeze freeze => $"map_freeze {freeze.Map}",
            MapLookupElem lookup => $"map_lookup_elem {lookup.Map} {Of(lookup.Key)}{Flags(lookup.Flags)}",
            MapLookupAndDeleteElem lookup =>
                $"map_lookup_and_delete_elem {lookup.Map} {Of(lookup.Key)}{Flags(lookup.Flags)}",
            MapUpdateElem update =>
                $"map_update_elem {update.Map} {Of(update.Key)} = {HexText.Of(update.Value)}{Flags(update.Flags)}",
            ProgArrayUpdate update => $"prog_array_update {update.Map}[{update.Index}] = {update.Program}",
            MapDeleteElem delete => $"map_delete_elem {delete.Map} {Of(delete.Key)}",
            MapGetNextKey { Key: null } next => $"map_get_next_key {next.Map} (first)",
            MapGetNextKey next => $"map_get_next_key {next.Map} after {Of(next.Key!)}",
            ProgLoad load =>
                $"prog_load {load.Program} ({Names.Of(load.Type)}, {Names.Of(load.ExpectedAttachType)}{Flags(load.Flags)})",
            ProgClose close => $"prog_close {close.Program}",
            ProgAttach attach =>
                $"prog_attach {attach.Program} to {attach.Cgroup} at {Names.Of(attach.AttachType)}{Flags(attach.Flags)}"
                    + $"{Word("replacing", attach.Replace)}{Word("relative to", attach.Relative)}{Revision(attach.ExpectedRevision)}",
            ProgDetach detach =>
                $"prog_detach {detach.Program ?? "(no program)"} from {detach.Cgroup} at {Names.Of(detach.AttachType)}{Flags(detach.Flags)}",
            LinkCreate link =>
                $"link_create {link.Link} of {link.Program} to {link.Cgroup} at {Names.Of(link.AttachType)}{Flags(link.Flags)}"
                    + $"{Word("relative to", link.Relative)}{Revision(link.ExpectedRevision)}",
            LinkUpdate update => $"link_update {update.Link} to {update.Program}{Word("from", update.Old)}",
            LinkDetach detach => $"link_detach {detach.Link}",
            LinkClose close => $"link_close {close.Link}",
            ProgQuery query =>
                $"prog_query {query.Cgroup} at {Names.Of(query.AttachType)}{(query.Effective ? ", effective" : "")}",
            ProgTestRun run =>
                $"prog_test_run {run.Program} on {run.Data.Length} bytes{(run.Repeat == 1 ? "" : $", {run.Repeat} times")}",
            Fire fire =>
                $"fire {Names.Of(fire.AttachType)} in {fire.Cgroup}{Word("on", fire.Socket)}{(fire.Cpu == 0 ? "" : $" on CPU {fire.Cpu}")}"
                    + (fire.Times == 1 ? "" : $", {fire.Times} times")
                    + (
                        fire.InterruptedBy is { } other
                            ? $", interrupted by {Names.Of(other.AttachType)} in {other.Cgroup}"
                            : ""
                    ),
            Machines.Parallel parallel => $"parallel {string.Join(" | ", parallel.Tracks.Select(Of))}",
            MapReopen reopen => $"map_reopen {reopen.Map} of {reopen.Of}",
            MapBatch batch => $"map_batch {batch.Map}, {batch.Command}",
            MapNullPointer { Key: null } element =>
                $"map_null_pointer {element.Map}, {element.Command}, {element.Null}",
            MapNullPointer element =>
                $"map_null_pointer {element.Map}, {element.Command} of {Of(element.Key)}, {element.Null}",
            MapFile file => $"map_file {file.Map}, {file.Call}",
            ProgBindMap bind => $"prog_bind_map {bind.Map} to {bind.Program}",
            SocketCreate socket =>
                $"socket_create {socket.Socket} in {socket.Cgroup}{(socket.Listening ? ", listening" : "")}",
            SocketAccept socket => $"socket_accept {socket.Socket} from {socket.Listener} in {socket.Cgroup}",
            SocketClose socket => $"socket_close {socket.Socket}",
            Rendezvous rendezvous => $"rendezvous {rendezvous.Name}",
            Await await => $"await {await.Map} {Of(await.Key)} at {await.Offset} >= {await.AtLeast}",
            _ => operation.ToString(),
        };

    /// <summary>The text of a key.</summary>
    public static string Of(MapKey key) =>
        key switch
        {
            StorageKey storage => $"[{storage.Cgroup}{(storage.AttachType is { } type ? $", {Names.Of(type)}" : "")}"
                + $"{(storage.Padding == 0 ? "" : $", padding 0x{storage.Padding:x}")}]",
            RawKey raw => $"[{HexText.Of(raw.Bytes)}]",
            _ => key.ToString(),
        };

    private static string Of(Track track) => $"{track.Name}: {string.Join("; ", track.Operations.Select(Of))}";

    private static string Flags(ulong flags) => flags == 0 ? "" : $", flags 0x{flags:x}";

    private static string Word(string word, string? name) => name is null ? "" : $", {word} {name}";

    private static string Revision(ulong revision) => revision == 0 ? "" : $", revision {revision}";
}

/// <summary>Bytes as text: whole where short, else the first ones and the length.</summary>
internal static class HexText
{
    private const int Shown = 64;

    public static string Of(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= Shown
            ? Convert.ToHexStringLower(bytes)
            : $"{Convert.ToHexStringLower(bytes[..Shown])}... ({bytes.Length} bytes)";
}
