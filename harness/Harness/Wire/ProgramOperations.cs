using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Wire;

/// <summary>Operations on programs, attachments and links, made of a request's members.</summary>
internal static class ProgramOperations
{
    public static Operation? Of(string op, RequestFields fields) =>
        op switch
        {
            "prog_load" => new ProgLoad(
                Program(fields),
                Type(fields),
                fields.Need(fields.ExpectedAttachType, "expected_attach_type"),
                fields.Need(fields.Instructions, "instructions"),
                fields.Maps ?? []
            )
            {
                Flags = fields.Flags32,
                LogLevel = fields.LogLevel,
                AlsoRefersTo = fields.AlsoRefersTo,
                GlobalFunctions = fields.GlobalFunctions,
                Without = fields.Without,
            },
            "prog_close" => new ProgClose(Program(fields)),
            "prog_bind_map" => new ProgBindMap(Program(fields), fields.Need(fields.Map, "map")),
            "prog_attach" => new ProgAttach(Program(fields), Cgroup(fields), AttachType(fields), fields.Flags32)
            {
                Replace = fields.Replace,
                Relative = fields.Relative,
                ExpectedRevision = fields.ExpectedRevision,
            },
            "prog_detach" => new ProgDetach(fields.Program, Cgroup(fields), AttachType(fields), fields.Flags32),
            "link_create" => new LinkCreate(
                Link(fields),
                Program(fields),
                Cgroup(fields),
                AttachType(fields),
                fields.Flags32
            )
            {
                Relative = fields.Relative,
                ExpectedRevision = fields.ExpectedRevision,
            },
            "link_update" => new LinkUpdate(Link(fields), Program(fields), fields.Old),
            "link_detach" => new LinkDetach(Link(fields)),
            "link_close" => new LinkClose(Link(fields)),
            "prog_query" => new ProgQuery(Cgroup(fields), AttachType(fields), fields.Effective)
            {
                Capacity = fields.Capacity,
            },
            "prog_test_run" => new ProgTestRun(Program(fields), fields.Need(fields.Data, "data"), fields.Repeat),
            _ => null,
        };

    private static string Program(RequestFields fields) => fields.Need(fields.Program, "program");

    private static string Cgroup(RequestFields fields) => fields.Need(fields.Cgroup, "cgroup");

    private static string Link(RequestFields fields) => fields.Need(fields.Link, "link");

    private static AttachType AttachType(RequestFields fields) => fields.Need(fields.AttachType, "attach_type");

    private static ProgramType Type(RequestFields fields)
    {
        var type = fields.Need(fields.Type, "type");
        if (type.Word is not { } word)
            return (ProgramType)type.Number;
        return CaseNames.TryProgramType(word, out var found)
            ? found
            : throw new WireFormatException($"\"type\": there is no program type \"{word}\"");
    }
}
