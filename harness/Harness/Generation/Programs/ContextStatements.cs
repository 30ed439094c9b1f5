using Conformance.ReferenceVm.Programs;
using static Conformance.Harness.Generation.Programs.ProgramFeatures;

namespace Conformance.Harness.Generation.Programs;

/// <summary>The context's fields and what its pointers point to.</summary>
internal static class ContextStatements
{
    public static void Access(ProgramWriter writer)
    {
        writer.Uses(Context);
        var field = writer.Pick<ContextField>([.. writer.Type.Context.Fields]);
        if (
            field.Kind
            is ContextFieldKind.SocketOrNull
                or ContextFieldKind.Socket
                or ContextFieldKind.SocketCommonOrNull
        )
        {
            Socket(writer, field);
            return;
        }

        if (field.Kind != ContextFieldKind.Scalar)
        {
            Data(writer);
            return;
        }

        var isStore = writer.OneIn(3) && (field.Write != AccessSizes.None || writer.OneIn(8));
        var permitted = isStore ? field.Write : field.Read;
        var sizes = Sizes(permitted).DefaultIfEmpty(4).ToArray();
        var size = writer.OneIn(12) ? writer.Pick(1, 2, 4, 8) : writer.Pick<int>(sizes);
        var offset = field.Offset + size * writer.Next(0, field.FromStartOnly ? 1 : Math.Max(1, field.Size / size));
        if (writer.Rarely())
        {
            offset += writer.Next(-8, 9);
        }

        var place = $"*(u{size * 8} *)(r6 {(offset < 0 ? '-' : '+')} {Math.Abs(offset)})";
        writer.Emit(isStore ? $"{place} = {writer.Number()}" : $"{writer.Number()} = {place}");
    }

    /// <summary>The packet or the option's value, where the context has one.</summary>
    public static void Data(ProgramWriter writer)
    {
        if (writer.Type.Context.Fields.FirstOrDefault(IsStart) is not { } start)
        {
            Access(writer);
            return;
        }

        writer.Uses(Context | Bounds);
        var end = writer.Type.Context.Fields.First(IsEnd);
        var isPacket = start.Kind == ContextFieldKind.PacketStart;
        var pointer = isPacket ? "u32" : "u64";
        var (skip, size) = (writer.NewLabel(), isPacket ? writer.Pick(8, 14, 20, 34) : writer.Pick(1, 2, 4, 8));
        writer.Emit($"r2 = *({pointer} *)(r6 + {start.Offset})\nr3 = *({pointer} *)(r6 + {end.Offset})");
        if (writer.OneIn(2))
        {
            writer.Uses(VariableOffsets);
            writer.Emit($"r4 = {writer.Number()}\nr4 &= {writer.Pick(7, 15, 63)}\nr2 += r4");
        }

        writer.Emit($"r4 = r2\nr4 += {size}");
        if (!writer.Rarely())
        {
            writer.Emit(writer.Pick($"if r4 > r3 goto {skip}", $"if r3 < r4 goto {skip}", $"if r4 >= r3 goto {skip}"));
        }

        var width = ObjectAccess.Width(writer);
        var offset = Math.Max(0, size - ObjectAccess.Bytes(width) - (writer.Rarely() ? -1 : 0));
        writer.Emit(
            isPacket || writer.OneIn(2)
                ? $"{writer.Number()} = *({width} *)(r2 + {offset})"
                : $"*(u{width[1..]} *)(r2 + {offset}) = {writer.Number()}"
        );
        writer.Emit($"{skip}:");
    }

    private static void Socket(ProgramWriter writer, ContextField field)
    {
        var skip = writer.NewLabel();
        writer.Emit($"r2 = *(u64 *)(r6 + {field.Offset})");
        if (field.Kind != ContextFieldKind.Socket && !writer.Rarely())
        {
            writer.Emit($"if r2 == 0 goto {skip}");
        }

        var offset = 4 * writer.Pick(0, 1, 6, 7, 11, 12, 13, 14, 17, 18, 19, writer.Rarely() ? 2 : 18);
        writer.Emit($"{writer.Number()} = *(u32 *)(r2 + {offset})\n{skip}:");
    }

    private static bool IsStart(ContextField field) =>
        field.Kind is ContextFieldKind.PacketStart or ContextFieldKind.OptvalStart;

    private static bool IsEnd(ContextField field) =>
        field.Kind is ContextFieldKind.PacketEnd or ContextFieldKind.OptvalEnd;

    private static IEnumerable<int> Sizes(AccessSizes sizes) =>
        new[] { 1, 2, 4, 8 }.Where(size => ((int)sizes & size) != 0);
}
