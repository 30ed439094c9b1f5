using System.Buffers.Binary;
using Conformance.Harness.Rules;

namespace Conformance.Linux;

/// <summary>
/// Helpers that vectors use as tools and that came long after the one they check: a kernel that refuses a program because it lacks one of them
/// has broken no rule.
/// </summary>
internal static class HelperAge
{
    private const byte Call = 0x85;
    private const byte LoadImmediate = 0x18;

    private static readonly (int Number, string Name, KernelVersion Since)[] Tools = [(181, "bpf_loop", new(5, 17))];

    /// <summary>Which helper a program calls that the kernel is too old for, as a sentence; null where there is none.</summary>
    /// <param name="code">Little-endian bytecode.</param>
    /// <param name="kernel">The kernel's version.</param>
    public static string? Missing(ReadOnlySpan<byte> code, string kernel)
    {
        if (!KernelVersion.TryParse(kernel, out var version))
        {
            return null;
        }

        for (var slot = 0; slot < code.Length / 8; slot++)
        {
            var instruction = code[(slot * 8)..];
            if (instruction[0] == LoadImmediate)
            {
                slot++;
            }
            else if (instruction[0] == Call && instruction[1] >> 4 == 0)
            {
                var number = BinaryPrimitives.ReadInt32LittleEndian(instruction[4..]);
                var tool = Array.Find(Tools, tool => tool.Number == number && version < tool.Since);
                if (tool.Name is not null)
                {
                    return $"{tool.Name} came with Linux {tool.Since}, and this is {version}";
                }
            }
        }

        return null;
    }
}
