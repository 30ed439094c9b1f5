namespace Conformance.Benchmarks;

/// <summary>The programs measured. Each iterates as often as its first line says.</summary>
internal static class Sources
{
    /// <summary>Two instructions an iteration.</summary>
    public const string AddJump = """
        r0 = 0
        r1 = 50000000
        loop:
        r0 += 1
        if r0 != r1 goto loop
        exit
        """;

    /// <summary>Three instructions an iteration.</summary>
    public const string AddSubtractJump = """
        r0 = 0
        r1 = 30000000
        loop:
        r0 += 1
        r1 += -1
        if r1 != 0 goto loop
        exit
        """;

    /// <summary>A load and a store of the stack in every iteration of five instructions.</summary>
    public const string Memory = """
        r1 = 20000000
        *(u64 *)(r10 - 8) = 0
        loop:
        r0 = *(u64 *)(r10 - 8)
        r0 += 1
        *(u64 *)(r10 - 8) = r0
        r1 += -1
        if r1 != 0 goto loop
        exit
        """;

    /// <summary>A call of bpf_get_local_storage and an atomic add to what it returns in every iteration of seven instructions.</summary>
    public const string Helper = """
        r6 = 5000000
        loop:
        r1 = MAP ll
        r2 = 0
        call 81
        r1 = 1
        lock *(u64 *)(r0 + 0) += r1
        r6 += -1
        if r6 != 0 goto loop
        exit
        """;
}
