namespace Conformance.Harness.Generation.Programs;

/// <summary>Arithmetic, and helpers that return numbers.</summary>
internal static class NumberStatements
{
    private static readonly string[] Operators = ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "s/=", "s%="];
    private static readonly string[] Shifts = ["<<=", ">>=", "s>>="];

    public static void Arithmetic(ProgramWriter writer)
    {
        var (register, other) = (writer.Number(), writer.Number());
        var isNarrow = writer.OneIn(3);
        if (isNarrow)
        {
            (register, other) = ($"w{register[1..]}", $"w{other[1..]}");
        }

        var operation = writer.Pick<string>(Operators);
        writer.Emit(
            writer.Next(8) switch
            {
                0 => $"{register} {writer.Pick<string>(Shifts)} {writer.Next(isNarrow ? 32 : 64)}",
                1 => $"{register} {operation} {other}",
                2 => $"{register} = {other}",
                3 => $"{register} = -{register}",
                4 => $"r{register[1..]} = (s{writer.Pick(8, 16, 32)})r{other[1..]}",
                5 => $"{register} &= {writer.Pick(1, 3, 7, 8, 15, 63, 255)}",
                6 => ByteSwap(writer, $"r{register[1..]}"),
                _ => $"{register} {operation} {Math.Max(1, writer.Next(100))}",
            }
        );
    }

    /// <summary>bpf_ktime_get_ns, bpf_get_prandom_u32, bpf_get_smp_processor_id, bpf_get_current_cgroup_id.</summary>
    public static void Helper(ProgramWriter writer) =>
        writer.Emit($"call {writer.Pick(5, 7, 8, 80)}\n{writer.Number()} = r0");

    private static string ByteSwap(ProgramWriter writer, string register) =>
        $"{register} = {writer.Pick("be", "le", "bswap")}{writer.Pick(16, 32, 64)} {register}";
}
