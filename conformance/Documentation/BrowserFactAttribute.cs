namespace Conformance.Tests.Documentation;

/// <summary>A test in Chromium; skipped, with what is missing, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    public BrowserFactAttribute() => Skip = Missing;

    /// <summary>The browser; null where there is none.</summary>
    internal static string? Executable { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    internal static string? Missing { get; } =
        Executable is null ? $"no browser in PATH: install {Names[0]}"
        : Directory.Exists(Path.Combine(AppContext.BaseDirectory, ".playwright")) ? null
        : "Playwright's driver is not beside the tests";
}
