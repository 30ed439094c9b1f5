using System.Globalization;
using Conformance.Harness.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>Reads the programs of a vector: assembly or bytecode.</summary>
/// <param name="assembler">Assembles each distinct text once.</param>
internal sealed class ProgramReader(SourceAssembler assembler)
{
    public void Read(LocatedNode node, CaseScope scope)
    {
        foreach (var (name, value) in node.Members(scope.Errors))
        {
            WorldReader.CheckName(name, value, scope);
            if (Fields.Of(value, scope.Errors) is not { } fields)
                continue;
            scope.Programs[name] = Program(name, fields, scope);
            fields.Done();
        }
    }

    private CaseProgram Program(string name, Fields fields, CaseScope scope)
    {
        var errors = scope.Errors;
        var type = fields.Optional("type")?.ProgramType(errors) ?? scope.ProgramType;
        if (type is null)
            errors.Add(fields.Node, "\"type\" is missing, and no axis defines $program_type");
        var attachType =
            fields.Optional("expected_attach_type")?.AttachType(errors) ?? scope.AttachType ?? Representative(type);

        var (bytecode, references, source, labels) = Code(fields, scope);
        return new CaseProgram(
            new ProgLoad(name, type ?? default, attachType, bytecode, references)
            {
                Flags = fields.Flags32(CaseNames.LoadFlags),
                LogLevel = fields.OptionalInt("log_level", 0, int.MaxValue, 0),
                AlsoRefersTo = [.. (fields.Optional("also_refers_to")?.Items(errors) ?? []).Select(scope.Map)],
                GlobalFunctions = Globals(
                    fields.Optional("global_functions"),
                    labels,
                    bytecode.Length / Instruction.Size,
                    errors
                ),
                Without = CapabilityReader.Read(fields.Optional("without"), errors),
            },
            source
        );
    }

    private (
        byte[] Bytecode,
        IReadOnlyList<MapReference> Maps,
        IReadOnlyList<string>? Source,
        IReadOnlyDictionary<string, int>? Labels
    ) Code(Fields fields, CaseScope scope)
    {
        var source = fields.Optional("source");
        var instructions = fields.Optional("instructions");
        var maps = fields.Optional("maps");
        if (source is null == instructions is null)
        {
            scope.Errors.Add(fields.Node, "a program has either \"source\" or \"instructions\"");
            return ([], [], null, null);
        }

        if (instructions is null)
        {
            if (maps is not null)
                scope.Errors.Add(maps, "\"maps\" goes with \"instructions\"; assembly names its maps itself");
            return Assembled(source!, scope);
        }

        var bytecode = instructions.Hex(scope.Errors);
        if (!Bytecode.TryDecode(bytecode, out _, out var broken))
            scope.Errors.Add(instructions, broken);
        return (bytecode, References(maps, bytecode.Length / Instruction.Size, scope), null, null);
    }

    private (byte[], IReadOnlyList<MapReference>, IReadOnlyList<string>, IReadOnlyDictionary<string, int>) Assembled(
        LocatedNode source,
        CaseScope scope
    )
    {
        foreach (var item in source.Items(scope.Errors))
        {
            if (item.String(scope.Errors) is { } line && line.AsSpan().ContainsAny('\r', '\n'))
                scope.Errors.Add(item, "an instruction or label takes one line");
        }

        if (source.Kind != NodeKind.Array)
            return ([], [], [], new Dictionary<string, int>());
        var assembled = assembler.Assemble(source);
        if (assembled.Error is { } error)
        {
            var at = error.Line >= 1 && error.Line <= source.Items.Count ? source.Items[error.Line - 1] : source;
            scope.Errors.Add(at, $"assembly line {error.Line}, column {error.Column}: {error.Message}");
        }

        foreach (var reference in assembled.Maps)
        {
            if (!scope.Maps.ContainsKey(reference.Map))
                scope.Errors.Add(source, $"the program refers to the unknown map \"{reference.Map}\"");
        }

        return (assembled.Bytecode, assembled.Maps, assembled.Lines, assembled.Labels);
    }

    // By label in assembly, by slot in bytecode.
    private static IReadOnlyList<GlobalFunction> Globals(
        LocatedNode? node,
        IReadOnlyDictionary<string, int>? labels,
        int slots,
        ErrorSink errors
    )
    {
        var functions = new List<GlobalFunction>();
        foreach (var (name, value) in node is null ? [] : node.Members(errors))
        {
            var slot = 0;
            var isThere = labels is null
                ? int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out slot) && slot < slots
                : labels.TryGetValue(name, out slot);
            if (!isThere || slot == 0)
                errors.Add(value, $"no function but the main program starts at \"{name}\"");
            functions.Add(new GlobalFunction(slot, value.Int(0, byte.MaxValue, errors)));
        }

        return functions;
    }

    private static IReadOnlyList<MapReference> References(LocatedNode? maps, int slots, CaseScope scope)
    {
        var references = new List<MapReference>();
        foreach (var item in maps?.Items(scope.Errors) ?? [])
        {
            if (Fields.Of(item, scope.Errors) is not { } fields)
                continue;
            var slot = fields.Required("instruction")?.Int(0, int.MaxValue, scope.Errors) ?? 0;
            if (slot >= slots)
                scope.Errors.Add(item, $"the program has {slots} slots: there is none numbered {slot}");
            references.Add(new MapReference(slot, scope.Map(fields)));
            fields.Done();
        }

        return references;
    }

    // Without $attach_type a program is loaded for its type's representative, since some types cannot be loaded for 0.
    private static AttachType Representative(ProgramType? type) =>
        AxisReader.Representatives.FirstOrDefault(attachType => ProgramTypes.Of(attachType) == type);
}
