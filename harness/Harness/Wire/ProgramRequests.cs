using System.Text.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>Requests that are about programs, attachments and links.</summary>
internal static class ProgramRequests
{
    public static void Write(Utf8JsonWriter json, Operation operation)
    {
        switch (operation)
        {
            case ProgLoad op:
                WriteProgram(json, op);
                break;
            case ProgClose op:
                json.WriteString("program"u8, op.Program);
                break;
            case ProgBindMap op:
                json.WriteString("program"u8, op.Program);
                json.WriteString("map"u8, op.Map);
                break;
            case ProgAttach op:
                WriteAttachment(json, op.Program, op.Cgroup, op.AttachType, op.Flags);
                RequestWriter.WriteName(json, "replace"u8, op.Replace);
                RequestWriter.WriteName(json, "relative"u8, op.Relative);
                RequestWriter.WriteUnlessZero(json, "expected_revision"u8, op.ExpectedRevision);
                break;
            case ProgDetach op:
                WriteAttachment(json, op.Program, op.Cgroup, op.AttachType, op.Flags);
                break;
            case LinkCreate op:
                json.WriteString("link"u8, op.Link);
                WriteAttachment(json, op.Program, op.Cgroup, op.AttachType, op.Flags);
                RequestWriter.WriteName(json, "relative"u8, op.Relative);
                RequestWriter.WriteUnlessZero(json, "expected_revision"u8, op.ExpectedRevision);
                break;
            case LinkUpdate op:
                json.WriteString("link"u8, op.Link);
                json.WriteString("program"u8, op.Program);
                RequestWriter.WriteName(json, "old"u8, op.Old);
                break;
            case LinkDetach op:
                json.WriteString("link"u8, op.Link);
                break;
            case LinkClose op:
                json.WriteString("link"u8, op.Link);
                break;
            case ProgQuery op:
                json.WriteString("cgroup"u8, op.Cgroup);
                json.WriteType("attach_type"u8, op.AttachType);
                if (op.Effective)
                    json.WriteBoolean("effective"u8, value: true);
                if (op.Capacity is { } capacity)
                    json.WriteNumber("capacity"u8, capacity);
                break;
            case ProgTestRun op:
                json.WriteString("program"u8, op.Program);
                json.WriteHex("data"u8, op.Data);
                if (op.Repeat != 1)
                    json.WriteNumber("repeat"u8, op.Repeat);
                break;
            default:
                throw new ArgumentException(
                    $"{operation.GetType().Name} is no operation of the protocol",
                    nameof(operation)
                );
        }
    }

    private static void WriteAttachment(
        Utf8JsonWriter json,
        string? program,
        string cgroup,
        ReferenceVm.Programs.AttachType type,
        uint flags
    )
    {
        RequestWriter.WriteName(json, "program"u8, program);
        json.WriteString("cgroup"u8, cgroup);
        json.WriteType("attach_type"u8, type);
        RequestWriter.WriteUnlessZero(json, "flags"u8, flags);
    }

    private static void WriteProgram(Utf8JsonWriter json, ProgLoad op)
    {
        json.WriteString("program"u8, op.Program);
        json.WriteType("type"u8, op.Type);
        json.WriteType("expected_attach_type"u8, op.ExpectedAttachType);
        json.WriteHex("instructions"u8, op.Instructions);
        json.WriteStartArray("maps"u8);
        foreach (var reference in op.Maps)
        {
            json.WriteStartObject();
            json.WriteNumber("instruction"u8, reference.Instruction);
            json.WriteString("map"u8, reference.Map);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        RequestWriter.WriteUnlessZero(json, "flags"u8, op.Flags);
        if (op.LogLevel != 0)
            json.WriteNumber("log_level"u8, op.LogLevel);
        if (op.AlsoRefersTo.Count > 0)
        {
            json.WriteStartArray("also_refers_to"u8);
            foreach (var map in op.AlsoRefersTo)
                json.WriteStringValue(map);
            json.WriteEndArray();
        }

        if (op.GlobalFunctions.Count > 0)
        {
            json.WriteStartArray("global_functions"u8);
            foreach (var function in op.GlobalFunctions)
            {
                json.WriteStartObject();
                json.WriteNumber("instruction"u8, function.Instruction);
                json.WriteNumber("parameters"u8, function.Parameters);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        RequestWriter.WriteCapabilities(json, op.Without);
    }
}
