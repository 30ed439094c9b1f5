using System.Collections.Frozen;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm;

/// <summary>The arguments of BPF_PROG_LOAD.</summary>
/// <param name="Type">The program type.</param>
/// <param name="ExpectedAttachType">expected_attach_type, as a number.</param>
/// <param name="Instructions">Little-endian bytecode; 64-bit immediate loads with source 1 carry a map descriptor.</param>
public sealed record ProgramLoad(ProgramType Type, int ExpectedAttachType, ReadOnlyMemory<byte> Instructions)
{
    /// <summary>BPF_F_* load flags: 1 strict alignment, 2 any alignment, 8 test state frequency, 16 sleepable.</summary>
    public uint Flags { get; init; }

    /// <summary>Verifier log level; a refusal's reason is given at any.</summary>
    public int LogLevel { get; init; }

    /// <summary>fd_array with its count: descriptors of maps that count as referenced.</summary>
    public IReadOnlyList<int>? MapDescriptors { get; init; }

    /// <summary>Functions of global linkage, as BTF would say: by first instruction, how many 64-bit numbers they take. EINVAL before 5.6.</summary>
    public IReadOnlyDictionary<int, int> GlobalFunctions { get; init; } = FrozenDictionary<int, int>.Empty;

    /// <summary>CAP_PERFMON.</summary>
    public bool CanLeakPointers { get; init; } = true;

    /// <summary>CAP_BPF, without which nothing is loaded here (EPERM), as where kernel.unprivileged_bpf_disabled is set.</summary>
    public bool MayLoad { get; init; } = true;

    /// <summary>CAP_NET_ADMIN, without which programs of the cgroup types other than cgroup_skb are not loaded (EPERM).</summary>
    public bool MayChangeNetwork { get; init; } = true;
}

/// <summary>What became of a load.</summary>
/// <param name="Errno">Why it was refused.</param>
/// <param name="Descriptor">The program's, or -1.</param>
/// <param name="Log">The verifier's log; empty where the load was refused before it.</param>
public sealed record LoadOutcome(Errno Errno, int Descriptor, string Log);
