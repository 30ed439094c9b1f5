using static Conformance.Harness.Generation.Programs.ProgramFeatures;

namespace Conformance.Harness.Generation.Programs;

/// <summary>Loads and stores on the stack: spills, fills of parts, offsets known only by their range.</summary>
internal static class StackStatements
{
    /// <summary>Bytes of the stack that most accesses keep to, so that loads meet earlier stores.</summary>
    private const int UsualDepth = 32;

    /// <summary>Beyond the end of the stack, for the rare store that must be refused.</summary>
    private const int TooDeep = 600;

    public static void Access(ProgramWriter writer)
    {
        writer.Uses(Spills);
        var width = writer.Pick("u8", "u16", "u32", "u64");
        var size = ObjectAccess.Bytes(width);
        var offset = size * writer.Next(1, (UsualDepth + 1) / size + (writer.Rarely() ? TooDeep / size : 1));
        writer.Emit(
            writer.Next(3) switch
            {
                0 => $"*({width} *)(r10 - {offset}) = {writer.Number()}",
                1 => $"*({width} *)(r10 - {offset}) = {writer.Next(-2, 3)}",
                _ => $"{writer.Number()} = *({width} *)(r10 - {offset})",
            }
        );
    }

    public static void VariableAccess(ProgramWriter writer)
    {
        writer.Uses(VariableOffsets | Spills);
        var number = writer.Number();
        writer.Emit(
            $"{number} &= {writer.Pick(7, 15, 31, 8, 24)}\nr2 = r10\nr2 += -{writer.Pick(32, 40, 64, 24)}\nr2 += {number}"
        );
        writer.Emit(writer.OneIn(2) ? "*(u8 *)(r2 + 0) = 0" : $"{writer.Number()} = *(u8 *)(r2 + 0)");
    }

    /// <summary>Writes every slot that most accesses keep to, so that what a program computes does not hang on what was there.</summary>
    public static void Initialise(ProgramWriter writer)
    {
        for (var offset = sizeof(ulong); offset <= 2 * UsualDepth; offset += sizeof(ulong))
        {
            writer.Emit($"*(u64 *)(r10 - {offset}) = {writer.Next(-1, 2)}");
        }
    }
}
