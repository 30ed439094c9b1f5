using System.Diagnostics;
using System.Globalization;

namespace Conformance.Benchmarks;

/// <summary>
/// The instruction rate without the apparatus: the best of several rounds, because on a shared machine whatever disturbs a round only
/// makes it slower. By the wall clock, and by the processor time that the process was given, which a busy machine disturbs less.
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
        output.WriteLine($"Million instructions per second, one thread, best of {Rounds} rounds,");
        output.WriteLine(
            $"{Environment.ProcessorCount} host CPUs:                            by the wall clock   by processor time"
        );
        Report("add, jne (2 instructions)", Sources.AddJump);
        Report("add, add, jne (3)", Sources.AddSubtractJump);
        Report("stack load, add, store (5)", Sources.Memory);
        Report("get_local_storage, atomic add (7)", Sources.Helper);
        Report("add, jne, checked mode", Sources.AddJump, isChecked: true);
        Report("stack load, add, store, checked mode", Sources.Memory, isChecked: true);

        void Report(string name, string source, bool isChecked = false)
        {
            var (wall, processor) = Measure(source, isChecked);
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"  {name, -38}{wall, 18:F0}{processor, 20:F0}")
            );
        }
    }

    private static (double Wall, double Processor) Measure(string source, bool isChecked)
    {
        using var workload = new Workload(source, isChecked);
        var wall = 0.0;
        var processor = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var processorStart = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            var instructions = workload.Run() / Million;
            wall = Math.Max(wall, instructions / Stopwatch.GetElapsedTime(start).TotalSeconds);
            var spent = Environment.CpuUsage.TotalTime - processorStart;
            processor = Math.Max(processor, instructions / spent.TotalSeconds);
        }

        return (wall, processor);
    }
}
