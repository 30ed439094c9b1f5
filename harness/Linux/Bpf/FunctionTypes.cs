using System.Buffers.Binary;
using Conformance.Harness.Machines;

namespace Conformance.Linux.Bpf;

/// <summary>
/// The function information that the kernel demands of programs with callbacks or global functions: where each function starts, and a type for it.
/// </summary>
internal static class FunctionTypes
{
    private const byte LoadImmediate = 0x18;
    private const byte Call = 0x85;
    private const int PseudoCall = 1;
    private const int PseudoFunction = 4;

    /// <summary>The BTF and the records (slot, type id), or null for a program with neither, which needs none.</summary>
    public static (byte[] Btf, uint[] Records)? Of(ReadOnlySpan<byte> code, IReadOnlyList<GlobalFunction> globals)
    {
        var starts = new SortedSet<int> { 0 };
        var hasCallback = false;
        for (var slot = 0; slot < code.Length / 8; slot++)
        {
            var instruction = code[(slot * 8)..];
            var source = instruction[1] >> 4;
            var target = slot + 1 + BinaryPrimitives.ReadInt32LittleEndian(instruction[4..]);
            if (instruction[0] == LoadImmediate)
            {
                if (source == PseudoFunction)
                {
                    hasCallback = true;
                    starts.Add(target);
                }

                slot++;
            }
            else if (instruction[0] == Call && source == PseudoCall)
            {
                starts.Add(target);
            }
        }

        if (!hasCallback && globals.Count == 0)
        {
            return null;
        }

        var btf = new BtfBuilder();
        var result = btf.Integer("int", 4);
        var number = btf.Integer("unsigned long", 8);
        var prototype = btf.Prototype(result);
        var parameters = globals.ToDictionary(one => one.Instruction, one => one.Parameters);
        uint Function(int start) =>
            parameters.TryGetValue(start, out var count)
                ? btf.Function($"f{start}", btf.Prototype(result, number, count), isGlobal: true)
                : btf.Function($"f{start}", prototype, isGlobal: start == 0);
        uint[] records = [.. starts.SelectMany(start => new[] { (uint)start, Function(start) })];
        return (btf.Build(), records);
    }
}
