using BenchmarkDotNet.Attributes;

namespace Conformance.Benchmarks;

/// <summary>The interpreter on loops of known length; the time is that of one run.</summary>
[MemoryDiagnoser]
public class InterpreterBenchmarks : IDisposable
{
    private Workload _addJump = null!;
    private Workload _memory = null!;
    private Workload _helper = null!;

    /// <summary>Whether every access is checked against live objects.</summary>
    [Params(false, true)]
    public bool Checked { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _addJump = new Workload(Sources.AddJump, Checked);
        _memory = new Workload(Sources.Memory, Checked);
        _helper = new Workload(Sources.Helper, Checked);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _addJump.Dispose();
        _memory.Dispose();
        _helper.Dispose();
    }

    /// <summary>100 million instructions.</summary>
    [Benchmark]
    public long AddJump() => _addJump.Run();

    /// <summary>100 million instructions, 40 million of which access the stack.</summary>
    [Benchmark]
    public long StackLoadAddStore() => _memory.Run();

    /// <summary>35 million instructions, 5 million helper calls, 5 million atomics.</summary>
    [Benchmark]
    public long GetLocalStorageAtomicAdd() => _helper.Run();
}
