using System.Runtime.InteropServices;

namespace Conformance.Tests.Documentation;

/// <summary>A test that compiles C for BPF; skipped, with what is missing, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute() => Skip = Missing;

    /// <summary>Where Debian and its kin keep what depends on the machine, which a compiler for BPF does not look for.</summary>
    internal static string ArchitectureHeaders { get; } =
        RuntimeInformation.OSArchitecture == Architecture.Arm64
            ? "/usr/include/aarch64-linux-gnu"
            : "/usr/include/x86_64-linux-gnu";

    private static string? Missing =>
        !(Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "clang")))
            ? "there is no command clang"
        : !File.Exists("/usr/include/bpf/bpf_helpers.h") ? "the headers of libbpf are not installed"
        : null;
}
