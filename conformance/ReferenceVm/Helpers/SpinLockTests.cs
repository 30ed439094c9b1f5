using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Helpers;

public sealed class SpinLockTests : IDisposable
{
    private const string LockedIncrement = """
        r1 = map[storage] ll
        r2 = 0
        call 81
        r6 = r0
        r1 = r6
        call 93
        r7 = *(u64 *)(r6 + 8)
        r7 += 1
        *(u64 *)(r6 + 8) = r7
        r1 = r6
        call 94
        r0 = r7
        exit
        """;

    private static readonly byte[] Key = [1, 0, 0, 0, 0, 0, 0, 0];

    private readonly Guest _guest = new();
    private readonly CgroupStorageMap _map;
    private readonly Storage _storage;

    public SpinLockTests()
    {
        _map = _guest.Map<CgroupStorageMap>(
            "storage",
            new MapDefinition(MapType.CgroupStorage, 8, 16, 0) { SpinLockOffset = 0 }
        );
        _storage = _map.Create(1, default)!;
    }

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Increments_under_the_lock_are_exact_on_real_threads_beside_updates_under_it()
    {
        const int runs = 3_000;
        var program = _guest.Program(LockedIncrement);
        Parallel.For(
            0,
            _guest.Processors.Count,
            cpu =>
            {
                for (var count = 0; count < runs; count++)
                {
                    var result = _guest.Run(program, run => run.SharedStorage = _storage, cpu, budget: long.MaxValue);
                    result.Status.Should().Be(RunStatus.Returned);
                    _map.Lookup(Key, new byte[16], flags: 4).Should().Be(Errno.None);
                }
            }
        );
        Counter().Should().Be((ulong)(runs * _guest.Processors.Count));
    }

    [Fact]
    public void A_stepped_run_waits_for_the_lock_without_blocking()
    {
        var program = _guest.Program(LockedIncrement);
        var first = Begin(program, 0);
        var second = Begin(program, 1);
        Interpreter.Continue(first, 6).InstructionIndex.Should().Be(7);
        Interpreter.Continue(second, 6).InstructionIndex.Should().Be(6);
        Interpreter.Continue(second, 50).InstructionIndex.Should().Be(6);
        Interpreter.Continue(first, 50).Value.Should().Be(1);
        Interpreter.Continue(second, 50).Value.Should().Be(2);
        _guest.Processors.Leave(first);
        _guest.Processors.Leave(second);
    }

    [Fact]
    public void A_run_that_is_stopped_gives_its_lock_back()
    {
        _guest
            .Run(
                "r1 = map[storage] ll\nr2 = 0\ncall 81\nr1 = r0\ncall 93\nr0 = *(u64 *)(r7 + 0)\nexit",
                run => run.SharedStorage = _storage
            )
            .Status.Should()
            .Be(RunStatus.Trapped);
        _guest.Result(LockedIncrement, run => run.SharedStorage = _storage).Should().Be(1);
    }

    [Fact]
    public void Wrong_use_traps()
    {
        const string start = "r1 = map[storage] ll\nr2 = 0\ncall 81\nr6 = r0\nr1 = r6\n";
        Trap(start + "call 93\nr1 = r6\ncall 93\nexit").Should().Be("spin_lock while a lock is held");
        Trap(start + "call 94\nexit").Should().Be("bpf_spin_unlock of different lock");
        Trap(start + "call 93\nr1 = r6\nr1 += 8\ncall 94\nexit").Should().Be("bpf_spin_unlock of different lock");
        Trap("r1 = 0\ncall 93\nexit").Should().Be("R1 of spin_lock is not a spin lock");
        Trap(start + "r1 += 2\ncall 93\nexit").Should().Be("R1 of spin_lock is not a spin lock");
        string Trap(string source) => _guest.Trap(source, run => run.SharedStorage = _storage);
    }

    private RunContext Begin(ResolvedProgram program, int cpu)
    {
        var run = _guest.Processors.Enter(cpu);
        run.SharedStorage = _storage;
        Interpreter.Begin(program, run);
        return run;
    }

    private ulong Counter() => BitConverter.ToUInt64(_guest.Arena.Bytes(_storage.AddressOn(0) + 8, 8));
}
