using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// What one run needs of its surroundings, and its own state: registers, frames, position. It can be stepped
/// (<see cref="Interpreter.Begin"/>, <see cref="Interpreter.Continue"/>). One for each CPU and nesting level, used again
/// and again; obtained from <see cref="Processors.Enter"/>.
/// </summary>
public sealed unsafe partial class RunContext
{
    private int _returnValue;

    internal RunContext(RunEnvironment environment, int cpu, int nestingLevel)
    {
        Environment = environment;
        Cpu = cpu;
        NestingLevel = nestingLevel;
        RandomState = environment.Open.RandomSeed ^ ((ulong)cpu << 32 | (uint)nestingLevel);
        Arena = environment.Arena;
        Registers = GC.AllocateArray<ulong>(RegisterCount, pinned: true);
        RegisterBlock = (ulong*)Unsafe.AsPointer(ref Registers[0]);
        Frames = new Frame[environment.Limits.ChainedFrames];
    }

    /// <summary>What all runs of the machine share.</summary>
    public RunEnvironment Environment { get; }

    /// <summary>The CPU it runs on.</summary>
    public int Cpu { get; }

    /// <summary>0 for an outermost run, 1 for one that interrupted it, and so on.</summary>
    public int NestingLevel { get; }

    /// <summary>Guest address of the context block: R1 at entry.</summary>
    public ulong ContextAddress { get; set; }

    /// <summary>The shared storage of the attachment that runs, bound when it was attached; null where its program has no such map.</summary>
    public Storage? SharedStorage { get; set; }

    /// <summary>The per-CPU storage of the attachment that runs.</summary>
    public Storage? PerCpuStorage { get; set; }

    /// <summary>What the event returns so far: 0 or a negative errno. bpf_get_retval reads it, bpf_set_retval writes it.</summary>
    public int ReturnValue
    {
        get => ReturnValueAddress == 0 ? _returnValue : MemoryMarshal.Read<int>(ReturnValueBytes);
        set
        {
            if (ReturnValueAddress == 0)
            {
                _returnValue = value;
            }
            else
            {
                MemoryMarshal.Write(ReturnValueBytes, value);
            }
        }
    }

    /// <summary>
    /// Guest address of the 4 bytes that are <see cref="ReturnValue"/>, where a context shows it in a field (getsockopt), so that field
    /// and helpers are one thing; else 0.
    /// </summary>
    public ulong ReturnValueAddress { get; set; }

    /// <summary>Id of the cgroup of the task that caused the event: bpf_get_current_cgroup_id.</summary>
    public ulong CurrentCgroupId { get; set; }

    /// <summary>The attach type that fires.</summary>
    public AttachType AttachType { get; set; }

    /// <summary>The storage of a kind.</summary>
    public Storage? StorageOf(StorageKind kind) => kind == StorageKind.Shared ? SharedStorage : PerCpuStorage;

    internal ulong RandomState { get; set; }

    private Span<byte> ReturnValueBytes => Environment.Arena.Bytes(ReturnValueAddress, sizeof(int));

    internal void Clear()
    {
        ContextAddress = 0;
        SharedStorage = null;
        PerCpuStorage = null;
        ReturnValueAddress = 0;
        _returnValue = 0;
        CurrentCgroupId = 0;
        AttachType = default;
    }
}
