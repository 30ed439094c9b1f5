using System.Diagnostics;
using System.Globalization;

namespace Conformance.Benchmarks;

/// <summary>
/// The instruction rate without the apparatus: the best of several rounds by the wall clock, because on a shared machine whatever
/// disturbs a round only makes it slower.
/// </summary>
internal static class QuickRate
{
    private const int Rounds = 9;
    private const double Million = 1e6;

    public static void Print(TextWriter output)
    {
#if DEBUG
        output.WriteLine("This is a debug build; measure with -c Release.");
#endif
        output.WriteLine(
            $"Million instructions per second, best of {Rounds} rounds (Stopwatch, one thread, {Environment.ProcessorCount} host CPUs):"
        );
        Report("add, jne (2 instructions)", Sources.AddJump);
        Report("add, add, jne (3 instructions)", Sources.AddSubtractJump);
        Report("stack load, add, store (5 instructions)", Sources.Memory);
        Report("get_local_storage, atomic add (7 instructions)", Sources.Helper);
        Report("add, jne, checked mode", Sources.AddJump, isChecked: true);
        Report("stack load, add, store, checked mode", Sources.Memory, isChecked: true);

        void Report(string name, string source, bool isChecked = false) =>
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"  {name, -50}{Measure(source, isChecked), 8:F0}")
            );
    }

    private static double Measure(string source, bool isChecked)
    {
        using var workload = new Workload(source, isChecked);
        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var instructions = workload.Run();
            best = Math.Max(best, instructions / Stopwatch.GetElapsedTime(start).TotalSeconds / Million);
        }

        return best;
    }
}
