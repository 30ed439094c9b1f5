using System.Collections.Frozen;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Everything BPF_PROG_LOAD gives the verifier.</summary>
/// <param name="Instructions">The slots as loaded; a 64-bit immediate load with source 1 names a map by descriptor in its immediate.</param>
/// <param name="Program">The program type.</param>
/// <param name="Expected">The recorded expected attach type, as <see cref="ProgramTypeInfo.NormalizeExpected"/> gives it.</param>
/// <param name="ResolveMap">Turns a map descriptor into its map; null where the descriptor is no map's.</param>
public sealed record LoadRequest(
    Instruction[] Instructions,
    ProgramTypeInfo Program,
    AttachType Expected,
    Func<int, Map?> ResolveMap
)
{
    /// <summary>BPF_F_* load flags: 1 strict alignment, 2 any alignment, 8 test state frequency, 16 sleepable.</summary>
    public uint Flags { get; init; }

    /// <summary>Maps of <c>fd_array</c>, which count as referenced even where no instruction names them; null: no array was given.</summary>
    public IReadOnlyList<Map>? MapArray { get; init; }

    /// <summary>Whether a storage map belongs to a program already, which matters where a map serves one program only.</summary>
    public Func<Map, bool> IsOwned { get; init; } = _ => false;

    /// <summary>
    /// The functions of global linkage: by first slot, how many numbers they take. Each is verified by itself, for any numbers, and its callers
    /// know nothing of its result. All others are static.
    /// </summary>
    public IReadOnlyDictionary<int, int> GlobalFunctions { get; init; } = FrozenDictionary<int, int>.Empty;

    /// <summary>CAP_PERFMON: pointers may be stored, compared and passed as numbers.</summary>
    public bool CanLeakPointers { get; init; } = true;

    /// <summary>0: the log holds a refusal's reason only; 1: and every instruction walked.</summary>
    public int LogLevel { get; init; }

    /// <summary>The numbers that bound a program.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>What differs between kernel versions.</summary>
    public Behaviour Behaviour { get; init; } = Behaviour.Latest;
}
