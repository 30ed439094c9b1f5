using System.Diagnostics;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>A test against a program that not every machine has: skipped, visibly and with the reason, where it is missing.</summary>
public sealed class RequiresLlvmMcFactAttribute : FactAttribute
{
    public RequiresLlvmMcFactAttribute()
    {
        if (LlvmMc.Path is null)
            Skip = "llvm-mc is not installed: assembled bytes were not compared with LLVM's";
    }
}

/// <summary>LLVM's assembler, where it is on the PATH.</summary>
internal static class LlvmMc
{
    public static string? Path { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, "llvm-mc"))
            .FirstOrDefault(File.Exists);

    /// <summary>The encoding of every line, or null where LLVM refuses the line; line by line, so that one refusal costs one line.</summary>
    public static IReadOnlyList<string?> Assemble(IReadOnlyList<string> lines)
    {
        var start = new ProcessStartInfo(Path!, "-triple bpfel -mcpu=v3 --show-encoding")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        // A line of its own before each instruction: what stands between two of them is that instruction's encoding.
        foreach (var (line, index) in lines.Select((line, index) => (line, index)))
            process.StandardInput.Write($"line{index}:\n{line}\n");
        process.StandardInput.Close();
        process.WaitForExit();
        _ = errors.Result;
        var encodings = new string?[lines.Count];
        var current = -1;
        foreach (var line in output.Result.Split('\n'))
        {
            if (line.StartsWith("line", StringComparison.Ordinal))
                current = int.Parse(line[4..line.IndexOf(':')]);
            const string Marker = "encoding: [";
            var at = line.IndexOf(Marker, StringComparison.Ordinal);
            if (at >= 0 && current >= 0)
                encodings[current] = line[(at + Marker.Length)..line.IndexOf(']', at)]
                    .Replace("0x", "")
                    .Replace(",", "");
        }
        return encodings;
    }
}
