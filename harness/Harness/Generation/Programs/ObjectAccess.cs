using static Conformance.Harness.Generation.Programs.ProgramFeatures;

namespace Conformance.Harness.Generation.Programs;

/// <summary>Loads, stores and atomic operations through a pointer to an object.</summary>
internal static class ObjectAccess
{
    private static readonly string[] Widths = ["u8", "u16", "u32", "u64", "s8", "s16", "s32"];
    private static readonly string[] Fetches = ["add", "or", "and", "xor"];

    public static string Width(ProgramWriter writer) => writer.Pick<string>(Widths);

    public static int Bytes(string width) =>
        int.Parse(width[1..], System.Globalization.CultureInfo.InvariantCulture) / 8;

    /// <summary>Somewhere in an object, at a constant or at a bounded offset, rarely just outside. Changes r3 and the pointer.</summary>
    public static void Write(ProgramWriter writer, string pointer, int size)
    {
        var isPlain = !writer.OneIn(3);
        if (isPlain && writer.OneIn(2))
        {
            AddVariable(writer, pointer);
        }

        var width = Width(writer);
        var offset = writer.Next(0, Math.Max(1, size - Bytes(width) - (writer.Rarely() ? -8 : 24)));
        if (!isPlain && !writer.Rarely())
        {
            offset = offset / 8 * 8;
        }

        if (offset + Bytes(width) > size - 8)
        {
            writer.Uses(Bounds);
        }

        writer.Emit(isPlain ? Plain(writer, pointer, width, offset) : Atomic(writer, pointer, offset));
    }

    private static void AddVariable(ProgramWriter writer, string pointer)
    {
        writer.Uses(VariableOffsets | Bounds);
        var mask = writer.Pick(7, 15, 31, 8, 24, writer.Rarely() ? 255 : 3);
        var bound = writer.Next(4) switch
        {
            0 or 1 => $"r3 &= {mask}",
            2 => $"if r3 > {mask} goto +1",
            _ => $"if w3 > {mask} goto +1",
        };
        writer.Emit($"r3 = {writer.Number()}\n{bound}\n{pointer} += r3");
    }

    private static string Plain(ProgramWriter writer, string pointer, string width, int offset) =>
        writer.Next(3) switch
        {
            0 => $"*(u{width[1..]} *)({pointer} + {offset}) = {writer.Number()}",
            1 => $"*(u{width[1..]} *)({pointer} + {offset}) = {writer.Next(-9, 100)}",
            _ => $"{writer.Number()} = *({width} *)({pointer} + {offset})",
        };

    private static string Atomic(ProgramWriter writer, string pointer, int offset)
    {
        writer.Uses(Atomics);
        var number = writer.Number();
        var is64 = !writer.OneIn(4);
        var place = $"({(is64 ? "u64" : "u32")} *)({pointer} + {offset})";
        var operand = is64 ? number : $"w{number[1..]}";
        var suffix = is64 ? "_64" : "32_32";
        return writer.Next(6) switch
        {
            0 or 1 => $"lock *{place} += {operand}",
            2 => $"{operand} = atomic_fetch_{writer.Pick<string>(Fetches)}({place}, {operand})",
            3 => $"{operand} = xchg{suffix}({pointer} + {offset}, {operand})",
            // Compare-and-exchange overwrites r0, where the pointer may be.
            4 =>
                $"r2 = {pointer}\nr0 = {writer.Next(3)}\n{(is64 ? "r0" : "w0")} = cmpxchg{suffix}(r2 + {offset}, {(is64 ? "r0" : "w0")}, {operand})\nr0 = r2",
            _ => writer.OneIn(2) ? $"{operand} = load_acquire({place})" : $"store_release({place}, {operand})",
        };
    }
}
