using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Cli.Smoke;

/// <summary>The steps from an empty adapter to one that the suite can judge.</summary>
internal static class SmokeSteps
{
    private const AttachType Device = AttachType.CgroupDevice;
    private const ProgramType DeviceType = ProgramType.CgroupDevice;

    private static readonly byte[] Allow = Convert.FromHexString("b7000000010000009500000000000000");
    private static readonly byte[] Deny = Convert.FromHexString("b7000000000000009500000000000000");

    // r1 = map[storage] ll; r2 = 0; call 81; r1 = 1; lock *(u64 *)(r0 + 0) += r1; r0 = 1; exit
    private static readonly byte[] Count = Convert.FromHexString(
        "18010000000000000000000000000000b7020000000000008500000051000000b701000001000000db10000000000000b7000000010000009500000000000000"
    );

    // The same with r2 = 1, and nothing done with the pointer.
    private static readonly byte[] Flagged = Convert.FromHexString(
        "18010000000000000000000000000000b7020000010000008500000051000000b7000000010000009500000000000000"
    );

    private static readonly MapReference[] Storage = [new(0, "storage")];
    private static readonly StorageKey Key = new("a", Device);
    private static readonly RawKey First = new([0, 0, 0, 0]);

    public static IReadOnlyList<SmokeStep> All { get; } =
    [
        Succeeds("create a cgroup", new CgroupCreate("a"), "keep a tree of cgroups by name, below a root of the case"),
        Succeeds(
            "create an array map",
            new MapCreate("array", MapType.Array, KeySize: 4, ValueSize: 8, MaxEntries: 1),
            "keep maps by name, and begin with the type array: programs report through it"
        ),
        Succeeds(
            "write an element of it",
            new MapUpdateElem("array", First, [1, 2, 3, 4, 5, 6, 7, 8]),
            "take the value's bytes from hex, and the key's from \"key\".\"hex\""
        ),
        new(
            "read it back",
            new MapLookupElem("array", First),
            "the value 0102030405060708",
            answer => Holds(answer, 1, 2, 3, 4, 5, 6, 7, 8),
            "answer the element's bytes as \"value\", in hex and in order of address"
        ),
        Succeeds(
            "load a program of two instructions",
            new ProgLoad("allow", DeviceType, Device, Allow, []),
            "decode \"instructions\": 8 bytes a slot, little-endian"
        ),
        Succeeds(
            "attach it to the cgroup",
            new ProgAttach("allow", "a", Device),
            "keep for each cgroup and attach type which programs are attached"
        ),
        Completes(
            "let a device be opened in the cgroup",
            new Fire(Device, "a"),
            "run every effective program once for the event; R0 = 1 permits it, and \"outcome\" is \"completed\""
        ),
        Succeeds("detach it", new ProgDetach("allow", "a", Device), "take the attachment away again"),
        Succeeds("load a program that forbids", new ProgLoad("deny", DeviceType, Device, Deny, []), "as before"),
        Succeeds("attach that one", new ProgAttach("deny", "a", Device), "as before"),
        new(
            "see it forbid",
            new Fire(Device, "a"),
            "the event to be denied with EPERM",
            answer => answer is { Kind: AnswerKind.Ok, Outcome: EventOutcome.Denied },
            "R0 = 0 denies: answer \"kind\":\"ok\" with \"outcome\":\"denied\" and \"errno\":\"EPERM\""
        ),
        Succeeds(
            "create a storage map",
            new MapCreate("storage", MapType.CgroupStorage, KeySize: 16, ValueSize: 8, MaxEntries: 0),
            "offer the map type cgroup_storage: keys of 8 or 16 bytes, no entries of its own"
        ) with
        {
            AfterReset = true,
        },
        new(
            "find that reset has forgotten everything",
            new CgroupCreate("a"),
            "success",
            answer => answer.Kind == AnswerKind.Ok,
            "reset must drop every object: the cgroup of before still has its name"
        ),
        Succeeds(
            "load a program that calls the helper",
            new ProgLoad("count", DeviceType, Device, Count, Storage),
            "put your own reference to the map into the immediate load that \"maps\" names, and offer helper 81"
        ),
        Succeeds("attach it", new ProgAttach("count", "a", Device), "make the storage of this attachment now"),
        Completes("run it", new Fire(Device, "a"), "the helper returns the address of the storage's value"),
        new(
            "look its storage up",
            new MapLookupElem("storage", Key),
            "the value 0100000000000000",
            answer => Holds(answer, 1, 0, 0, 0, 0, 0, 0, 0),
            "find the storage by the symbolic key: the cgroup's name and the attach type"
        ),
        new(
            "refuse a program whose flags are not zero",
            new ProgLoad("flagged", DeviceType, Device, Flagged, Storage),
            "a refusal at load, or a run that is stopped",
            answer => answer.Kind is AnswerKind.Refused or AnswerKind.Failed or AnswerKind.Trapped,
            "answer \"refused\" with an errno; a machine that checks at run time may load it, and must trap in the run"
        )
        {
            IsForbidden = true,
        },
        Optional("per-CPU storage maps", new MapCreate("percpu", MapType.PercpuCgroupStorage, 8, 8, 0)),
        Optional("next keys", new MapGetNextKey("storage")),
        Optional("queries", new ProgQuery("a", Device)),
        Optional("links", new LinkCreate("link", "count", "a", Device)),
        Optional("test runs", new ProgTestRun("count", new byte[14])),
        Optional("tail calls", new MapCreate("calls", MapType.ProgArray, 4, 4, 1)),
        Optional("freezing maps", new MapFreeze("percpu")),
        Optional("sockets that live on", new SocketCreate("socket", "a")),
        Optional(
            "concurrency",
            new Harness.Machines.Parallel([new Track("one", [new Fire(Device, "a")]), new Track("two", [])])
        ),
    ];

    private static SmokeStep Succeeds(string text, Operation operation, string advice) =>
        new(text, operation, "success", answer => answer.Kind == AnswerKind.Ok, advice);

    private static SmokeStep Completes(string text, Operation operation, string advice) =>
        new(
            text,
            operation,
            "the event to be completed",
            answer => answer is { Kind: AnswerKind.Ok, Outcome: EventOutcome.Completed },
            advice
        );

    // Whatever it says: here it only counts whether it is offered.
    private static SmokeStep Optional(string text, Operation operation) =>
        new(
            text,
            operation,
            "an answer",
            answer => answer.Kind != AnswerKind.Broken,
            "answer what is not offered with \"unsupported\""
        );

    private static bool Holds(Answer answer, params ReadOnlySpan<byte> value) =>
        answer.Kind == AnswerKind.Ok && answer.Value.AsSpan().SequenceEqual(value);
}
