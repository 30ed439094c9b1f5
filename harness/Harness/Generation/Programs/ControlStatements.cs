using static Conformance.Harness.Generation.Programs.ProgramFeatures;

namespace Conformance.Harness.Generation.Programs;

/// <summary>Branches, loops, calls.</summary>
internal static class ControlStatements
{
    private static readonly string[] Relations = ["==", "!=", ">", ">=", "<", "<=", "s>", "s>=", "s<", "s<=", "&"];

    public static void Branch(ProgramWriter writer, int depth)
    {
        writer.Uses(Branches);
        var (other, end) = (writer.NewLabel(), writer.NewLabel());
        var (left, right) = (writer.Number(), writer.OneIn(2) ? writer.Number() : $"{writer.Next(-3, 70)}");
        if (writer.OneIn(3))
        {
            (left, right) = ($"w{left[1..]}", right.StartsWith('r') ? $"w{right[1..]}" : right);
        }

        writer.Emit($"if {left} {writer.Pick<string>(Relations)} {right} goto {other}");
        Statements.Write(writer, writer.Next(0, 3), depth + 1);
        if (writer.OneIn(2))
        {
            writer.Emit($"goto {end}\n{other}:");
            Statements.Write(writer, writer.Next(1, 3), depth + 1);
            writer.Emit($"{end}:");
        }
        else
        {
            writer.Emit($"{other}:");
        }
    }

    /// <summary>A loop that counts in a stack slot.</summary>
    public static void Loop(ProgramWriter writer, int depth)
    {
        writer.Uses(Loops);
        var again = writer.NewLabel();
        writer.Emit($"*(u64 *)(r10 - 48) = 0\n{again}:");
        Statements.Write(writer, writer.Next(1, 3), depth + 2);
        writer.Emit(
            $"r5 = *(u64 *)(r10 - 48)\nr5 += 1\n*(u64 *)(r10 - 48) = r5\nif r5 < {writer.Next(1, 9)} goto {again}"
        );
    }

    public static void Call(ProgramWriter writer, int depth)
    {
        writer.Uses(Subprograms);
        var function = writer.Function(body =>
        {
            body.Emit("r6 = r1\nr7 = r2\nr8 = 0\nr9 = 1\n*(u64 *)(r3 + 0) = r7");
            Statements.Write(body, body.Next(1, 4), depth + 2);
            body.Emit("r0 = r8\nexit");
        });
        writer.Emit($"r1 = r6\nr2 = {writer.Number()}\nr3 = r10\nr3 += -56\ncall {function}\n{writer.Number()} = r0");
    }

    /// <summary>A bpf_loop, whose callback counts in the caller's frame.</summary>
    public static void Callback(ProgramWriter writer)
    {
        writer.Uses(Loops | Subprograms);
        var function = writer.Function(body =>
        {
            body.Emit("r7 = *(u64 *)(r2 + 0)\nr8 = r1\nr9 = 3\nr7 += 1\n*(u64 *)(r2 + 0) = r7");
            for (var count = body.Next(0, 3); count > 0; count--)
            {
                Statements.WriteAnywhere(body);
            }

            body.Emit($"r0 = r7\nr0 &= {(body.Rarely() ? 3 : 1)}\nexit");
        });
        var iterations = writer.OneIn(2) ? $"{writer.Next(0, 12)}" : writer.Number();
        writer.Emit(
            $"*(u64 *)(r10 - 56) = 0\nr1 = {iterations}\nr1 &= 31\nr2 = func[{function}] ll\nr3 = r10\nr3 += -56\nr4 = 0\ncall 181"
        );
        writer.Emit($"{writer.Number()} = *(u64 *)(r10 - 56)");
    }
}
