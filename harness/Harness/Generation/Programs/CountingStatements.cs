using static Conformance.Harness.Generation.Programs.ProgramFeatures;

namespace Conformance.Harness.Generation.Programs;

/// <summary>
/// Callbacks that count in the stack of their caller, a varying number of times and within loops, and counts that are used as offsets: where a
/// verifier that takes one state for another lets an access go astray.
/// </summary>
/// <remarks>
/// The counters are four slots from r10 - 32 up, or from r6 up within a callback; r8 and r9 come of a storage, which holds anything.
/// </remarks>
internal static class CountingStatements
{
    private const int Counters = 4;
    private const int CounterSize = sizeof(ulong);
    private const int DeepestCallback = 2;

    private static readonly string[] Widths = ["u64", "u64", "u64", "u32", "u16", "u8"];

    /// <summary>Writes a whole program but for its end.</summary>
    public static void Write(ProgramWriter writer)
    {
        writer.Uses(Counts | Loops | Subprograms | Spills | VariableOffsets | Bounds);
        writer.Emit($"r1 = map[{writer.Pick(ProgramWorld.Shared, ProgramWorld.PerCpu)}] ll\nr2 = 0\ncall 81");
        writer.Emit($"r7 = 0\nr8 = *(u8 *)(r0 + {writer.Next(ProgramWorld.StorageSize)})\nr9 = *(u64 *)(r0 + 8)");
        for (var counter = 0; counter < Counters; counter++)
        {
            writer.Emit($"*(u64 *)({Place(counter)}) = {writer.Pick(0, 0, 0, 1, 2, 3)}");
        }

        for (var calls = writer.Next(1, 3); calls > 0; calls--)
        {
            if (writer.OneIn(2))
            {
                Round(writer);
            }
            else
            {
                Iterations(writer);
                Call(writer);
            }

            Use(writer, Place);
        }
    }

    private static string Place(int counter) => $"r10 - {(Counters - counter) * CounterSize}";

    private static string PlaceInCallback(int counter) => $"r6 + {counter * CounterSize}";

    private static void Round(ProgramWriter writer)
    {
        var again = writer.NewLabel();
        var limitVaries = writer.OneIn(2);
        if (!limitVaries || writer.OneIn(2))
        {
            Iterations(writer);
        }

        writer.Emit($"*(u64 *)(r10 - 48) = 0\n{again}:");
        if (limitVaries)
        {
            Iterations(writer);
        }

        Call(writer);
        if (writer.OneIn(3))
        {
            writer.Emit($"r7 = *(u64 *)({Place(writer.Next(Counters))})");
        }

        if (writer.OneIn(4))
        {
            Use(writer, Place);
        }

        writer.Emit(
            $"r5 = *(u64 *)(r10 - 48)\nr5 += 1\n*(u64 *)(r10 - 48) = r5\nif r5 < {writer.Next(2, 4)} goto {again}"
        );
    }

    // How often at most, in r7.
    private static void Iterations(ProgramWriter writer)
    {
        var (one, other) = (writer.Next(0, 6), writer.Next(0, 6));
        var condition = writer.Pick("r8 & 1", "r8 == 0", "r9 s> 5", "w9 < 2", $"r8 > {writer.Next(4)}");
        writer.Emit(
            writer.Next(6) switch
            {
                0 => $"r7 = {one}",
                1 or 2 => $"r7 = {one}\nif {condition} goto +1\nr7 = {other}",
                3 => $"r7 = {writer.Pick("r8", "r9")}\nr7 &= {writer.Pick(1, 3, 4)}",
                4 =>
                    $"r7 = *({writer.Pick<string>(Widths)} *)({Place(writer.Next(Counters))})\nr7 &= {writer.Pick(1, 3, 7)}",
                _ => $"r7 = r9\nif r7 < {writer.Next(2, 6)} goto +1\nr7 = {other}",
            }
        );
        if (writer.OneIn(4))
        {
            var width = writer.Pick("u64", "u32", "u8");
            writer.Emit($"*({width} *)(r10 - 56) = r7\nr7 = *({width} *)(r10 - 56)");
        }
    }

    private static void Call(ProgramWriter writer)
    {
        if (writer.OneIn(6))
        {
            CallForEach(writer);
            return;
        }

        var callback = writer.Function(body => Callback(body, depth: 1));
        if (writer.OneIn(5))
        {
            var caller = writer.Function(body =>
                body.Emit($"r3 = r2\nr2 = func[{callback}] ll\nr4 = 0\ncall 181\nr0 = 0\nexit")
            );
            writer.Emit($"r1 = r7\nr2 = r10\nr2 += -32\ncall {caller}");
            return;
        }

        writer.Emit($"r1 = r7\nr2 = func[{callback}] ll\nr3 = r10\nr3 += -32\nr4 = 0\ncall 181");
        if (writer.OneIn(6))
        {
            // The number of iterations made.
            writer.Emit("r8 = r0");
        }
    }

    private static void CallForEach(ProgramWriter writer)
    {
        // Map, key, value and context.
        var callback = writer.Function(body =>
        {
            body.Emit("r6 = r4\nr7 = *(u32 *)(r2 + 0)");
            if (body.OneIn(3))
            {
                body.Emit($"r7 = *(u8 *)(r3 + {body.Next(ProgramWorld.ElementSize)})");
            }

            CallbackBody(body, depth: 1);
        });
        writer.Emit($"r1 = map[{writer.Pick(ProgramWorld.Array, ProgramWorld.Hash)}] ll");
        writer.Emit($"r2 = func[{callback}] ll\nr3 = r10\nr3 += -32\nr4 = 0\ncall 164");
    }

    private static void Callback(ProgramWriter body, int depth)
    {
        body.Emit("r6 = r2\nr7 = r1");
        CallbackBody(body, depth);
    }

    // The counters from r6 up, and a number in r7.
    private static void CallbackBody(ProgramWriter body, int depth)
    {
        for (var left = body.Next(1, 3); left > 0; left--)
        {
            CallbackStatement(body, depth);
        }

        body.Emit(
            body.Next(5) switch
            {
                0 => "r0 = r7\nr0 &= 1",
                1 => $"r0 = *(u64 *)({PlaceInCallback(body.Next(Counters))})\nr0 &= 1",
                2 => $"r0 = 1\nif r7 > {body.Next(5)} goto +1\nr0 = 0",
                _ => "r0 = 0",
            }
        );
        body.Emit("exit");
    }

    private static void CallbackStatement(ProgramWriter body, int depth)
    {
        var counter = PlaceInCallback(body.Next(Counters));
        switch (body.Next(10))
        {
            case 0:
                var skip = body.NewLabel();
                body.Emit($"if {body.Pick("r7 > 2", "r7 & 1", "w7 == 0")} goto {skip}");
                Count(body, counter);
                body.Emit($"{skip}:");
                break;
            case 1:
                body.Emit($"r1 = *(u64 *)({PlaceInCallback(body.Next(Counters))})\n*(u64 *)({counter}) = r1");
                break;
            case 2:
                body.Emit($"*({body.Pick<string>(Widths)} *)({counter}) = {body.Next(4)}");
                break;
            case 3 when depth < DeepestCallback:
                var inner = body.Function(function => Callback(function, depth + 1));
                var iterations = body.OneIn(2) ? $"{body.Next(4)}" : $"*(u64 *)({counter})";
                body.Emit(
                    $"r1 = {iterations}\nr1 &= {body.Pick(1, 3)}\nr2 = func[{inner}] ll\nr3 = r6\nr4 = 0\ncall 181"
                );
                break;
            case 4:
                var function = body.Function(function =>
                {
                    function.Emit("r6 = r1");
                    Count(function, counter);
                    function.Emit("r0 = 0\nexit");
                });
                body.Emit($"r1 = r6\ncall {function}");
                break;
            case 5:
                Use(body, PlaceInCallback);
                break;
            case 6:
                body.Emit(
                    $"r8 = *(u64 *)({counter})\n*(u64 *)(r10 - 8) = r8\nr8 = *(u32 *)(r10 - 8)\nr8 += 1\n*(u64 *)({counter}) = r8"
                );
                break;
            default:
                Count(body, counter);
                break;
        }
    }

    private static void Count(ProgramWriter body, string counter)
    {
        var width = body.Pick<string>(Widths);
        body.Emit($"r1 = *({width} *)({counter})");
        body.Emit(
            body.Next(6) switch
            {
                0 => $"r2 = *(u64 *)({PlaceInCallback(body.Next(Counters))})\nr1 += r2",
                1 => "r1 += r1",
                2 => $"w1 += {body.Next(1, 3)}",
                _ => $"r1 += {body.Next(1, 4)}",
            }
        );
        if (body.OneIn(6))
        {
            body.Emit($"if r1 < {body.Next(3, 12)} goto +1\nr1 = 0");
        }

        body.Emit($"*({width} *)({counter}) = r1");
    }

    // A count as an offset into an object. Uses r3, and r0 to r2 and r5.
    private static void Use(ProgramWriter writer, Func<int, string> place)
    {
        var end = writer.NewLabel();
        var size = UsePointer(writer, end);
        writer.Emit($"r3 = *({writer.Pick<string>(Widths)} *)({place(writer.Next(Counters))})");
        switch (writer.Next(6))
        {
            case 0:
                writer.Emit($"r3 <<= {writer.Next(1, 3)}");
                break;
            case 1:
                writer.Emit($"if r3 > {writer.Next(4, 24)} goto {end}");
                break;
            case 2:
                writer.Emit($"r3 &= {writer.Pick(7, 15, 31)}");
                break;
        }

        writer.Emit($"r0 += r3\n*(u8 *)(r0 + {size - 1 - writer.Next(0, 16)}) = 1\n{end}:");
    }

    private static int UsePointer(ProgramWriter writer, string end)
    {
        switch (writer.Next(5))
        {
            case 0:
                writer.Emit("r0 = r10\nr0 += -120");
                return 120 - 64;
            case 1:
                writer.Emit(
                    $"*(u32 *)(r10 - 60) = {writer.Next(ProgramWorld.Elements)}\nr2 = r10\nr2 += -60\nr1 = map[{ProgramWorld.Array}] ll\ncall 1\nif r0 == 0 goto {end}"
                );
                return ProgramWorld.ElementSize;
            default:
                writer.Emit($"r1 = map[{writer.Pick(ProgramWorld.Shared, ProgramWorld.PerCpu)}] ll\nr2 = 0\ncall 81");
                return ProgramWorld.StorageSize;
        }
    }
}
