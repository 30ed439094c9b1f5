using BenchmarkDotNet.Running;
using Conformance.Benchmarks;

if (args.Contains("--quick"))
{
    QuickRate.Print(Console.Out);
    return;
}

if (args.Contains("--sequences"))
{
    SequenceRate.Print(Console.Out);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(QuickRate).Assembly).Run(args);
