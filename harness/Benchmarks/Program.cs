using BenchmarkDotNet.Running;
using Conformance.Benchmarks;

if (args.Contains("--quick"))
{
    QuickRate.Print(Console.Out);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(QuickRate).Assembly).Run(args);
