namespace Conformance.Harness.Generation.Programs;

/// <summary>What a random program makes use of, so that agreement can be counted for each.</summary>
[Flags]
public enum ProgramFeatures
{
    /// <summary>Arithmetic and constants only.</summary>
    None = 0,

    /// <summary>A second argument of the helper that is not the constant 0.</summary>
    Flags = 1,

    /// <summary>An access to an object (storage, map value, packet, option value) near its ends.</summary>
    Bounds = 1 << 1,

    /// <summary>Stores to the stack that are loaded again, whole or in part.</summary>
    Spills = 1 << 2,

    /// <summary>An offset that is known only by its range.</summary>
    VariableOffsets = 1 << 3,

    /// <summary>A loop by a backward jump or bpf_loop.</summary>
    Loops = 1 << 4,

    /// <summary>A call of the program's own function.</summary>
    Subprograms = 1 << 5,

    /// <summary>An atomic operation.</summary>
    Atomics = 1 << 6,

    /// <summary>An access to the context, or to what its pointers point to.</summary>
    Context = 1 << 7,

    /// <summary>Bounds learnt from comparisons.</summary>
    Branches = 1 << 8,

    /// <summary>A slot changed at random afterwards.</summary>
    Mutated = 1 << 9,

    /// <summary>What callbacks count in the stack of their caller, used as an offset.</summary>
    Counts = 1 << 10,
}
