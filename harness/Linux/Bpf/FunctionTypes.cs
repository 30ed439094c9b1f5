using System.Buffers.Binary;

namespace Conformance.Linux.Bpf;

/// <summary>The function information that the kernel demands of programs with callbacks: where each function starts, and a type for it.</summary>
internal static class FunctionTypes
{
    private const byte LoadImmediate = 0x18;
    private const byte Call = 0x85;
    private const int PseudoCall = 1;
    private const int PseudoFunction = 4;

    /// <summary>The BTF and the records (slot, type id), or null for a program without callbacks, which needs none.</summary>
    public static (byte[] Btf, uint[] Records)? Of(ReadOnlySpan<byte> code)
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

        if (!hasCallback)
        {
            return null;
        }

        var btf = new BtfBuilder();
        var prototype = btf.Prototype(btf.Integer("int", 4));
        uint[] records =
        [
            .. starts.SelectMany(start =>
                new[] { (uint)start, btf.Function($"f{start}", prototype, isGlobal: start == 0) }
            ),
        ];
        return (btf.Build(), records);
    }
}
