using System.Collections.Frozen;
using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm;

/// <content>Loading: instructions, helpers, the verifier's words. Its precision is that of 6.18 and later in every profile.</content>
public sealed partial record Behaviour
{
    /// <summary>The helpers that exist, each since its release (<see cref="HelperAge"/>).</summary>
    public FrozenSet<HelperId> Helpers { get; init; } =
        Enum.GetValues<HelperId>().Where(helper => Has(Kernel, HelperAge.Since(helper))).ToFrozenSet();

    /// <summary>The flags that BPF_PROG_LOAD knows, each since its release (<see cref="LoadFlagAge"/>). Others: EINVAL.</summary>
    public uint LoadFlags { get; init; } =
        LoadFlagAge.All.Where(flag => Has(Kernel, flag.Since)).Aggregate(0u, (mask, flag) => mask | flag.Bit);

    /// <summary>32-bit jumps (5.1).</summary>
    public bool Jump32 { get; init; } = Has(Kernel, InstructionAge.Jump32.Since);

    /// <summary>Addresses of map values in 64-bit immediate loads (5.2).</summary>
    public bool DirectValues { get; init; } = Has(Kernel, InstructionAge.DirectValue.Since);

    /// <summary>Atomics besides addition, and those that fetch (5.12).</summary>
    public bool Atomics { get; init; } = Has(Kernel, InstructionAge.Atomics.Since);

    /// <summary>References to functions, for callbacks (5.13).</summary>
    public bool FunctionReferences { get; init; } = Has(Kernel, InstructionAge.FunctionReference.Since);

    /// <summary>
    /// Whether a call of bpf_loop whose callback and zero flags are known is compiled into the program (6.0, commit 1ade23711971): too many
    /// iterations then yield -E2BIG in the lower 32 bits of R0 and zeros above (inline_bpf_loop).
    /// </summary>
    public bool InlinesLoops { get; init; } = Has(Kernel, new(6, 0));

    /// <summary>Maps named by their index in fd_array (5.14).</summary>
    public bool MapIndices { get; init; } = Has(Kernel, InstructionAge.MapIndex.Since);

    /// <summary>Sign extension, signed division, unconditional byte swap and long jumps: cpu v4 (6.6).</summary>
    public bool Version4 { get; init; } = Has(Kernel, InstructionAge.Version4.Since);

    /// <summary>Load-acquire and store-release (6.15).</summary>
    public bool AcquireRelease { get; init; } = Has(Kernel, InstructionAge.AcquireRelease.Since);

    /// <summary>Whether a program may have more than 4096 instructions, up to a million (5.2). Before: E2BIG.</summary>
    public bool LargePrograms { get; init; } = Has(Kernel, new(5, 2));

    /// <summary>Whether a program may loop as long as the walk comes to an end (5.3). Before: EINVAL and <c>back-edge from insn N to N</c>.</summary>
    public bool BoundedLoops { get; init; } = Has(Kernel, new(5, 3));

    /// <summary>Whether one storage map of each kind is allowed (4.20). Before, one: EBUSY and <c>only one cgroup storage is allowed</c>.</summary>
    public bool OneStorageMapOfEachKind { get; init; } = Has(Kernel, new(4, 20));

    /// <summary>Whether the maps of fd_array count as referenced where no instruction names them (6.14).</summary>
    public bool UnnamedMapsCount { get; init; } = Has(Kernel, new(6, 14));

    /// <summary>Whether a helper that is not offered is refused with <c>program of this type cannot use helper</c> (6.2). Before: <c>unknown func</c>.</summary>
    public bool NamesProgramTypeInRefusal { get; init; } = Has(Kernel, new(6, 2));

    /// <summary>Whether a return value out of range is described by its bounds (6.8). Before, by its known bits.</summary>
    public bool DescribesReturnByBounds { get; init; } = Has(Kernel, new(6, 8));

    /// <summary>Whether numbers are called <c>scalar</c> in messages (5.18). Before: <c>inv</c>.</summary>
    public bool CallsNumbersScalars { get; init; } = Has(Kernel, new(5, 18));

    /// <summary>Whether the programs of a prog_array must have one expected attach type (6.18; 6.12.53).</summary>
    public bool TailCallsKeepAttachType { get; init; } = Has(Kernel, new(6, 18), new KernelVersion(6, 12, 53));

    /// <summary>Whether the verifier knows the outcome of an unknown number's comparison with itself (7.0).</summary>
    public bool PredictsComparisonWithItself { get; init; } = Has(Kernel, new(7, 0));

    /// <summary>
    /// Whether the verifier, where it keeps a state, forgets the ids of numbers that nothing else is tied to, so that more states
    /// count as covered (7.1).
    /// </summary>
    public bool UntiesSingleNumbers { get; init; } = Has(Kernel, new(7, 1));

    /// <summary>
    /// Whether the verifier knows that an atomic fetch replaces its register, when it looks for what a number came from (7.1). Where it
    /// does not, fewer states count as covered.
    /// </summary>
    public bool TracesAtomicFetches { get; init; } = Has(Kernel, new(7, 1));

    /// <summary>
    /// Whether a program is refused by mistake if it names a callback that is never called, because the callback is removed as dead code
    /// before its address is (6.18, and as far as is known 7.3).
    /// </summary>
    public bool RefusesUnwalkedCallbacks { get; init; } = true;

    /// <summary>Whether functions may be global (5.6). Before: EINVAL.</summary>
    public bool GlobalFunctions { get; init; } = Has(Kernel, new(5, 6));

    /// <summary>Whether a global function is verified only where the walk comes by a call of it, after the main program (6.8). Before: all, before it.</summary>
    public bool GlobalFunctionsWhenCalled { get; init; } = Has(Kernel, new(6, 8));

    /// <summary>Whether an instruction is one of those that exist.</summary>
    public bool Knows(Instruction instruction)
    {
        var family = InstructionAge.Of(instruction);
        return family is null
            || family == InstructionAge.Jump32 && Jump32
            || family == InstructionAge.DirectValue && DirectValues
            || family == InstructionAge.Atomics && Atomics
            || family == InstructionAge.FunctionReference && FunctionReferences
            || family == InstructionAge.MapIndex && MapIndices
            || family == InstructionAge.Version4 && Version4
            || family == InstructionAge.AcquireRelease && AcquireRelease;
    }
}
