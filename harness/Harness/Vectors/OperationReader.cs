using Conformance.Harness.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>Reads the operation of one step: the fields that vectors/README.md lists for its <c>op</c>.</summary>
internal static class OperationReader
{
    /// <summary>The operation; null, with an error, where there is none of this name.</summary>
    public static Operation? Read(string op, Fields fields, CaseScope scope) =>
        op switch
        {
            "cgroup_create" => scope.Cgroups.GetValueOrDefault(scope.Cgroup(fields), new CgroupCreate("")),
            "cgroup_remove" => new CgroupRemove(scope.Cgroup(fields)),
            "prog_load" => Load(fields, scope),
            "prog_close" => new ProgClose(scope.Program(fields)),
            "prog_attach" => new ProgAttach(
                scope.Program(fields),
                scope.Cgroup(fields),
                scope.AttachTypeOf(fields),
                fields.Flags32(CaseNames.AttachFlags)
            )
            {
                Replace = scope.OptionalProgram(fields, "replace"),
                Relative = scope.OptionalRelative(fields),
                ExpectedRevision = Revision(fields),
            },
            "prog_detach" => new ProgDetach(
                scope.OptionalProgram(fields, "program"),
                scope.Cgroup(fields),
                scope.AttachTypeOf(fields),
                fields.Flags32(CaseNames.AttachFlags)
            ),
            "link_create" => LinkCreate(fields, scope),
            "link_update" => new LinkUpdate(
                scope.Link(fields),
                scope.Program(fields),
                scope.OptionalProgram(fields, "old")
            ),
            "link_detach" => new LinkDetach(scope.Link(fields)),
            "link_close" => new LinkClose(scope.Link(fields)),
            "prog_query" => new ProgQuery(scope.Cgroup(fields), scope.AttachTypeOf(fields), fields.Flag("effective"))
            {
                Capacity = fields.Optional("capacity")?.Int(0, short.MaxValue, scope.Errors),
            },
            "prog_test_run" => new ProgTestRun(
                scope.Program(fields),
                fields.Required("data")?.Hex(scope.Errors) ?? [],
                fields.OptionalInt("repeat", 1, int.MaxValue, 1)
            ),
            "fire" => Fire(fields, scope),
            "rendezvous" => Rendezvous(fields, scope),
            "socket_create" => new SocketCreate(
                NewSocket(fields, scope),
                scope.Cgroup(fields),
                fields.Flag("listening")
            ),
            "socket_accept" => new SocketAccept(
                NewSocket(fields, scope),
                scope.Socket(fields, "listener"),
                scope.Cgroup(fields)
            ),
            "socket_close" => new SocketClose(scope.Socket(fields)),
            _ => MapOperationReader.Read(op, fields, scope),
        };

    private static ProgLoad Load(Fields fields, CaseScope scope) =>
        scope.Programs.TryGetValue(scope.Program(fields), out var program)
            ? program.Load
            : new ProgLoad("", default, default, [], []);

    private static string NewSocket(Fields fields, CaseScope scope)
    {
        var name = fields.String("socket");
        if (name.Length > 0 && !CaseNames.IsName(name))
            scope.Errors.Add(fields.Node, $"a name is of letters, digits, _ and -: \"{name}\" is not");
        if (name.Length > 0 && !scope.Sockets.Add(name))
            scope.Errors.Add(fields.Node, $"the socket \"{name}\" is created twice");
        return name;
    }

    private static LinkCreate LinkCreate(Fields fields, CaseScope scope)
    {
        var name = fields.String("link");
        if (name.Length > 0 && !CaseNames.IsName(name))
            scope.Errors.Add(fields.Node, $"a name is of letters, digits, _ and -: \"{name}\" is not");
        if (name.Length > 0 && !scope.Links.Add(name))
            scope.Errors.Add(fields.Node, $"the link \"{name}\" is created twice");
        return new LinkCreate(
            name,
            scope.Program(fields),
            scope.Cgroup(fields),
            scope.AttachTypeOf(fields),
            fields.Flags32(CaseNames.AttachFlags)
        )
        {
            Relative = scope.OptionalRelative(fields),
            ExpectedRevision = Revision(fields),
        };
    }

    private static Fire Fire(Fields fields, CaseScope scope)
    {
        var cpu = fields.OptionalInt("cpu", 0, short.MaxValue, 0);
        scope.NeedCpu(cpu);
        return new Fire(
            scope.AttachTypeOf(fields),
            scope.Cgroup(fields),
            cpu,
            fields.OptionalInt("times", 1, int.MaxValue, 1)
        )
        {
            Event = fields.Optional("event") is { } node ? Event(node, scope.Errors) : null,
            Socket = fields.Optional("socket") is null ? null : scope.Socket(fields),
            InterruptedBy = fields.Optional("interrupted_by") is { } other ? Interruption(other, scope) : null,
        };
    }

    private static Interruption? Interruption(LocatedNode node, CaseScope scope)
    {
        if (Fields.Of(node, scope.Errors) is not { } fields)
            return null;
        var attachType = fields.Required("attach_type")?.AttachType(scope.Errors) ?? default;
        if (attachType is not (AttachType.CgroupInetIngress or AttachType.CgroupInetEgress))
            scope.Errors.Add(node, "only packets interrupt: cgroup_inet_ingress or cgroup_inet_egress");
        var interruption = new Interruption(attachType, scope.Cgroup(fields));
        fields.Done();
        return interruption;
    }

    private static EventParameters? Event(LocatedNode node, ErrorSink errors)
    {
        if (Fields.Of(node, errors) is not { } fields)
            return null;
        var parameters = new EventParameters
        {
            Family = OneOf(fields, "family", "inet", "inet6"),
            SocketType = OneOf(fields, "socket_type", "dgram", "stream"),
            Payload = fields.Optional("payload")?.Hex(errors),
            Access = OneOf(fields, "access", "read", "write", "mknod"),
            Level = fields.Optional("level")?.Int(int.MinValue, int.MaxValue, errors),
            OptionName = fields.Optional("option_name")?.Int(int.MinValue, int.MaxValue, errors),
            OptionValue = fields.Optional("option_value")?.Hex(errors),
            Connected = fields.Optional("connected")?.Boolean(errors),
            Address = fields.Optional("address")?.Boolean(errors),
        };
        fields.Done();
        return parameters;
    }

    private static string? OneOf(Fields fields, string name, params string[] values)
    {
        if (fields.Optional(name) is not { } node || node.String(fields.Errors) is not { } text)
            return null;
        if (!values.Contains(text))
            fields.Errors.Add(node, $"expected one of {string.Join(", ", values)}, found \"{text}\"");
        return text;
    }

    private static Rendezvous Rendezvous(Fields fields, CaseScope scope)
    {
        if (!scope.InTrack)
            scope.Errors.Add(fields.Node, "rendezvous is for tracks of a parallel step");
        return new Rendezvous(fields.String("name"));
    }

    private static ulong Revision(Fields fields) =>
        fields.Optional("expected_revision")?.Number(64, fields.Errors) ?? 0;
}
