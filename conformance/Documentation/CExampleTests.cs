using System.Diagnostics;

namespace Conformance.Tests.Documentation;

public class CExampleTests
{
    /// <summary>The C programs of the book compile without a warning, those for the kernel as BPF.</summary>
    [CompilerFact]
    public async Task Every_program_in_C_compiles()
    {
        var files = Directory.GetFiles(GeneratedBook.PathOf("examples"), "*.c");
        files.Should().NotBeEmpty();

        foreach (var file in files)
        {
            string[] target = file.EndsWith(".bpf.c", StringComparison.Ordinal)
                ? ["-target", "bpf", "-idirafter", CompilerFactAttribute.ArchitectureHeaders]
                : [];
            using var clang =
                Process.Start(
                    new ProcessStartInfo(
                        "clang",
                        ["-fsyntax-only", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", .. target, file]
                    )
                    {
                        UseShellExecute = false,
                        RedirectStandardError = true,
                    }
                ) ?? throw new InvalidOperationException("clang does not start");
            var complaints = await clang.StandardError.ReadToEndAsync();
            await clang.WaitForExitAsync();
            clang.ExitCode.Should().Be(0, "{0}: {1}", Path.GetFileName(file), complaints);
        }
    }
}
