using static Conformance.Harness.Generation.Programs.ProgramFeatures;

namespace Conformance.Harness.Generation.Programs;

/// <summary>The helper's storage, and elements of other maps.</summary>
internal static class StorageStatements
{
    public static void Use(ProgramWriter writer)
    {
        var flags = "0";
        if (writer.OneIn(12))
        {
            writer.Uses(Flags);
            flags = writer.Pick("1", writer.Number(), "-1", "0x100000000 ll");
        }

        writer.Emit($"r1 = map[{writer.Pick(ProgramWorld.Shared, ProgramWorld.PerCpu)}] ll");
        writer.Emit($"r2 = {flags}");
        if (flags != "0" && writer.OneIn(2))
        {
            // Zero after all, by arithmetic or by a comparison.
            writer.Emit(writer.OneIn(2) ? "r2 ^= r2" : "r2 &= 0");
        }

        writer.Emit("call 81");
        if (writer.OneIn(8))
        {
            writer.Uses(Spills);
            writer.Emit("*(u64 *)(r10 - 8) = r0\nr0 = *(u64 *)(r10 - 8)");
        }

        ObjectAccess.Write(writer, "r0", ProgramWorld.StorageSize);
    }

    public static void Lookup(ProgramWriter writer)
    {
        var (skip, map) = (writer.NewLabel(), writer.Pick(ProgramWorld.Hash, ProgramWorld.Array));
        writer.Emit($"r3 = {(writer.OneIn(2) ? writer.Number() : $"{writer.Next(6)}")}\n*(u32 *)(r10 - 8) = r3");
        if (writer.OneIn(3))
        {
            writer.Emit(
                $"*(u64 *)(r10 - 16) = 5\nr3 = r10\nr3 += -48\nr2 = r10\nr2 += -8\nr4 = 0\nr1 = map[{ProgramWorld.Hash}] ll\ncall 2"
            );
            return;
        }

        writer.Emit($"r2 = r10\nr2 += -8\nr1 = map[{map}] ll\ncall 1");
        if (!writer.Rarely())
        {
            writer.Emit($"if r0 == 0 goto {skip}");
        }

        ObjectAccess.Write(writer, "r0", ProgramWorld.ElementSize);
        writer.Emit($"{skip}:");
    }
}
