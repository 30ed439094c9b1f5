using System.Collections.Concurrent;
using System.Globalization;
using Conformance.Harness.Machines;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>The operations on programs, attachments and links.</summary>
internal sealed class ProgramOperations(KernelObjects objects, StorageMapGuard guard)
{
    // What is not there is passed as a descriptor that is not open: the kernel reads it only with BPF_F_REPLACE.
    private const int NoDescriptor = -1;

    private readonly ConcurrentDictionary<uint, string> _closed = new();

    public Answer Load(ProgLoad op)
    {
        const byte PseudoMapFd = 1;
        const byte PseudoMapValue = 2;
        var code = (byte[])op.Instructions.Clone();
        foreach (var reference in op.Maps)
        {
            var slot = code.AsSpan(reference.Instruction * 8);
            if (slot[1] >> 4 != PseudoMapValue)
            {
                slot[1] = (byte)(slot[1] & 0x0f | PseudoMapFd << 4);
            }

            BitConverter.TryWriteBytes(slot[4..], objects.Map(reference.Map).Descriptor);
        }

        using var btf = LoadFunctionTypes(code, op.GlobalFunctions, out var functions);
        int[] others = [.. op.AlsoRefersTo.Select(name => objects.Map(name).Descriptor)];
        int Load(int logLevel, out string text)
        {
            using var rights = Capabilities.Without(op.Without);
            return BpfCall.ProgLoad(
                (uint)op.Type,
                (uint)op.ExpectedAttachType,
                code,
                op.Flags,
                logLevel,
                btf.Number,
                functions,
                others,
                out text
            );
        }

        // Without a log a load is several times faster; a refusal is asked again for its reason. What a million instructions showed
        // would fill any log: there the reason is all that is asked for.
        const int Instructions = 1;
        const int ReasonOnly = 4;
        var result = Load(0, out var log);
        if (result >= 0 && op.LogLevel != 0)
        {
            _ = Libc.Close(result);
            result = Load(op.LogLevel, out log);
        }

        if (result < 0)
        {
            // The errno is that of the program, not that of a log which did not fit.
            _ = Load(result == -(int)Errno.E2BIG ? ReasonOnly : Math.Max(op.LogLevel, Instructions), out log);
            return new Answer(AnswerKind.Refused) { Errno = (Errno)(-result), Message = log };
        }

        objects.Programs[op.Program] = result;
        guard.Loaded(
            op.Program,
            op.Maps.Select(reference => reference.Map).Concat(op.AlsoRefersTo).Select(objects.Map)
        );
        return Answer.Ok with { Message = log.Length > 0 ? log : null };
    }

    private static Descriptor LoadFunctionTypes(
        byte[] code,
        IReadOnlyList<GlobalFunction> globals,
        out uint[] functions
    )
    {
        functions = [];
        if (FunctionTypes.Of(code, globals) is not { } types)
        {
            return new Descriptor(-1);
        }

        functions = types.Records;
        return new Descriptor(BpfCall.BtfLoad(types.Btf));
    }

    public Answer Close(ProgClose op)
    {
        // An attached program lives on, and a query still names it.
        _closed[BpfCall.ProgramId(objects.Program(op.Program))] = op.Program;
        return Answers.Of(KernelObjects.Close(objects.Programs, "program", op.Program, program => program));
    }

    public void Reset() => _closed.Clear();

    public Answer BindMap(ProgBindMap op) =>
        Answers.Of(BpfCall.ProgBindMap(objects.Program(op.Program), objects.Map(op.Map).Descriptor));

    public Answer Attach(ProgAttach op) =>
        Answers.Of(
            BpfCall.ProgAttach(
                objects.Cgroup(op.Cgroup).Descriptor,
                objects.Program(op.Program),
                (uint)op.AttachType,
                op.Flags,
                op.Replace is null ? NoDescriptor : objects.Program(op.Replace),
                objects.RelativeOrNone(op.Relative),
                op.ExpectedRevision
            )
        );

    public Answer Detach(ProgDetach op) =>
        Answers.Of(
            BpfCall.ProgDetach(
                objects.Cgroup(op.Cgroup).Descriptor,
                objects.ProgramOrNone(op.Program),
                (uint)op.AttachType,
                op.Flags
            )
        );

    public Answer Create(LinkCreate op)
    {
        var link = BpfCall.LinkCreate(
            objects.Program(op.Program),
            objects.Cgroup(op.Cgroup).Descriptor,
            (uint)op.AttachType,
            op.Flags,
            objects.RelativeOrNone(op.Relative),
            op.ExpectedRevision
        );
        if (link < 0)
        {
            return Answers.Of(link);
        }

        objects.Links[op.Link] = link;
        guard.Linked(op.Link, op.Program);
        return Answer.Ok;
    }

    public Answer Update(LinkUpdate op)
    {
        const uint Replace = 4;
        var link = objects.Link(op.Link);
        var program = objects.Program(op.Program);
        if (guard.Refuses(op) is { } unsafeHere)
        {
            return unsafeHere;
        }

        return Answers.Of(
            BpfCall.LinkUpdate(link, program, op.Old is null ? 0 : Replace, objects.ProgramOrNone(op.Old))
        );
    }

    public Answer Detach(LinkDetach op) => Answers.Of(BpfCall.LinkDetach(objects.Link(op.Link)));

    public Answer Close(LinkClose op) => Answers.Of(KernelObjects.Close(objects.Links, "link", op.Link, link => link));

    public Answer Query(ProgQuery op)
    {
        var result = BpfCall.ProgQuery(
            objects.Cgroup(op.Cgroup).Descriptor,
            (uint)op.AttachType,
            op.Effective,
            op.Capacity,
            out var flags,
            out var ids
        );
        if (result < 0)
        {
            return Answers.Of(result);
        }

        var names = objects.Programs.ToDictionary(pair => BpfCall.ProgramId(pair.Value), pair => pair.Key);
        return Answer.Ok with
        {
            AttachFlags = flags,
            Programs =
            [
                .. ids.Select(id =>
                    names.GetValueOrDefault(id)
                    ?? _closed.GetValueOrDefault(id)
                    ?? id.ToString(CultureInfo.InvariantCulture)
                ),
            ],
        };
    }

    public Answer TestRun(ProgTestRun op)
    {
        var result = BpfCall.ProgTestRun(objects.Program(op.Program), op.Data, op.Repeat, out var returned);
        return result < 0 ? Answers.Of(result) : Answer.Ok with { ReturnValue = returned };
    }
}
