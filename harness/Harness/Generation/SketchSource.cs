using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Generation;

/// <summary>Writes a sketch down as a program.</summary>
public static class SketchSource
{
    /// <summary>The program as assembly, an instruction or label a line.</summary>
    public static IReadOnlyList<string> Lines(ProgramSketch sketch) =>
        [.. sketch.Effects.SelectMany(effect => Lines(effect, sketch.HelperFlags)), .. Ending(sketch)];

    /// <summary>The operation that loads it.</summary>
    public static ProgLoad Load(ProgramSketch sketch)
    {
        var assembled = Assembler.Assemble(string.Join('\n', Lines(sketch)));
        if (!assembled.Succeeded)
        {
            throw new InvalidOperationException($"The program of a sketch does not assemble: {assembled.Error}");
        }

        var references = assembled.MapReferences.Select(map => new MapReference(map.Instruction, map.Map));
        var bytes = Bytecode.Encode(assembled.Instructions);
        return new ProgLoad(sketch.Name, sketch.Type, sketch.Expected, bytes, [.. references]);
    }

    private static IEnumerable<string> Lines(Effect effect, ulong flags) =>
        effect switch
        {
            Refer refer => [$"r1 = map[{refer.Map}] ll"],
            Add add => [.. Call(add.Map, flags), $"r1 = 0x{add.Delta:x} ll", "lock *(u64 *)(r0 + 0) += r1"],
            Append append =>
            [
                .. Call(append.Map, flags),
                "r1 = *(u64 *)(r0 + 0)",
                "r1 *= 10",
                $"r1 += {append.Digit}",
                "*(u64 *)(r0 + 0) = r1",
            ],
            WritePointer write => [.. Call(write.Map, flags), $"*(u64 *)(r0 + {WritePointer.Offset}) = r0"],
            _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "No such effect."),
        };

    private static IEnumerable<string> Ending(ProgramSketch sketch) =>
        sketch.Verdict switch
        {
            Allow => ["r0 = 1", "exit"],
            Deny => ["r0 = 0", "exit"],
            AllowFrom from =>
            [
                .. Call(from.Map, sketch.HelperFlags),
                "r1 = *(u64 *)(r0 + 0)",
                "r0 = 1",
                $"if r1 >= {from.Least} goto done",
                "r0 = 0",
                "done:",
                "exit",
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(sketch), sketch, "No such verdict."),
        };

    private static IEnumerable<string> Call(string map, ulong flags) =>
        [
            $"r1 = map[{map}] ll",
            flags <= int.MaxValue ? $"r2 = {flags}" : $"r2 = 0x{flags:x} ll",
            "call bpf_get_local_storage#81",
        ];
}
