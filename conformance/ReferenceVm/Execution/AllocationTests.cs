using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Tests.ReferenceVm.Execution;

/// <summary>Running costs no garbage: not the run, not a helper call.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Runs = 200;

    private readonly Guest _guest = new();
    private readonly Storage _shared;
    private readonly Storage _perCpu;

    public AllocationTests()
    {
        _shared = _guest
            .Map<CgroupStorageMap>("shared", new MapDefinition(MapType.CgroupStorage, 16, 16, 0) { SpinLockOffset = 8 })
            .Create(1, default)!;
        _perCpu = _guest
            .Map<CgroupStorageMap>("percpu", new MapDefinition(MapType.PercpuCgroupStorage, 8, 16, 0))
            .Create(1, default)!;
        _guest.Map("array", new MapDefinition(MapType.Array, 4, 8, 4));
        _guest.Map("hash", new MapDefinition(MapType.Hash, 4, 8, 4));
        var table = _guest.Map<ProgArrayMap>("table", new MapDefinition(MapType.ProgArray, 4, 4, 4));
        table.Set(0, _guest.Program("r0 = 0\nexit"), 1, 0);
    }

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("memory", "*(u64 *)(r10 - 8) = 1\nlock *(u64 *)(r10 - 8) += r0")]
    [InlineData("calls", "call f\ngoto end\nf: r0 = 0\nexit\nend:")]
    [InlineData("get_local_storage, shared", "r1 = map[shared] ll\nr2 = 0\ncall 81\n*(u8 *)(r0 + 0) = 1")]
    [InlineData("get_local_storage, per CPU", "r1 = map[percpu] ll\nr2 = 0\ncall 81\n*(u8 *)(r0 + 0) = 1")]
    [InlineData("lookup", "*(u32 *)(r10 - 4) = 2\nr2 = r10\nr2 += -4\nr1 = map[array] ll\ncall 1")]
    [InlineData(
        "update, array",
        "*(u32 *)(r10 - 4) = 2\nr2 = r10\nr2 += -4\nr3 = r10\nr3 += -16\nr4 = 0\nr1 = map[array] ll\ncall 2"
    )]
    [InlineData(
        "update, hash",
        "*(u32 *)(r10 - 4) = 2\nr2 = r10\nr2 += -4\nr3 = r10\nr3 += -16\nr4 = 0\nr1 = map[hash] ll\ncall 2"
    )]
    [InlineData("delete", "*(u32 *)(r10 - 4) = 2\nr2 = r10\nr2 += -4\nr1 = map[hash] ll\ncall 3")]
    [InlineData("time, random, CPU, cgroup", "call 5\ncall 7\ncall 8\ncall 80")]
    [InlineData("get and set retval", "call 186\nr1 = r0\ncall 187")]
    [InlineData(
        "spin lock",
        "r1 = map[shared] ll\nr2 = 0\ncall 81\nr6 = r0\nr6 += 8\nr1 = r6\ncall 93\nr1 = r6\ncall 94"
    )]
    [InlineData("loop", "r1 = 5\nr2 = func[body] ll\nr3 = 0\nr4 = 0\ncall 181\ngoto end\nbody: r0 = 0\nexit\nend:")]
    [InlineData("tail call", "r2 = map[table] ll\nr3 = 0\ncall 12")]
    [InlineData(
        "trace",
        "r1 = 0x0a75256425 ll\n*(u64 *)(r10 - 8) = r1\nr1 = r10\nr1 += -8\nr2 = 6\nr3 = -5\nr4 = 6\ncall 6"
    )]
    public void A_run_allocates_nothing(string what, string source)
    {
        var program = _guest.Program($"r9 = 0\n{source}\nr0 = 0\nexit");
        Run(program);
        Run(program);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < Runs; run++)
        {
            Run(program);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0, what);
    }

    private void Run(ResolvedProgram program)
    {
        var run = _guest.Processors.Enter(0);
        run.SharedStorage = _shared;
        run.PerCpuStorage = _perCpu;
        var result = Interpreter.Run(program, run, 1000);
        _guest.Processors.Leave(run);
        if (result.Status != RunStatus.Returned)
        {
            throw new InvalidOperationException(result.Message);
        }
    }
}
