namespace Conformance.Cli.NewAdapter;

/// <summary>A kit of <c>harness/adapters</c>, as it lies beside the command.</summary>
/// <param name="Language">Its folder, and the word for the command line.</param>
/// <param name="Kit">What is used as it is.</param>
/// <param name="Example">The tiny machine with its adapter, which becomes the beginning of one's own.</param>
/// <param name="Adapter">What the example is called from then on.</param>
/// <param name="Build">What makes it a program, in its folder; null where nothing needs to.</param>
/// <param name="Start">What starts it; <c>{0}</c> is its folder with a slash behind it.</param>
internal sealed record AdapterKit(
    string Language,
    string Kit,
    string Example,
    string Adapter,
    string? Build,
    string Start
)
{
    private const string Readme = "README.md";
    private const string Protocol = "PROTOCOL.md";

    public static IReadOnlyList<AdapterKit> All { get; } =
    [
        new("python", "conformance_kit.py", "tiny.py", "adapter.py", Build: null, "python3 {0}adapter.py"),
        new("node", "conformance_kit.mjs", "tiny.mjs", "adapter.mjs", Build: null, "node {0}adapter.mjs"),
    ];

    private static string Root => Path.Combine(AppContext.BaseDirectory, "adapters");

    /// <summary>What the example calls its machine.</summary>
    public string ExampleName => $"tiny-{Language}";

    /// <summary>Writes the kit, the example under its new name, and what one reads with them.</summary>
    /// <param name="directory">An empty directory.</param>
    /// <param name="name">What the machine is to be called.</param>
    public void Write(string directory, string name)
    {
        var from = Path.Combine(Root, Language);
        File.Copy(Path.Combine(from, Kit), Path.Combine(directory, Kit));
        File.Copy(Path.Combine(Root, Protocol), Path.Combine(directory, Protocol));
        Rewrite(Path.Combine(from, Example), Path.Combine(directory, Adapter), name);
        Rewrite(Path.Combine(from, Readme), Path.Combine(directory, Readme), name);
    }

    private void Rewrite(string from, string to, string name) =>
        File.WriteAllText(
            to,
            File.ReadAllText(from)
                .Replace(Example, Adapter, StringComparison.Ordinal)
                .Replace($"../../{Protocol}", Protocol, StringComparison.Ordinal)
                .Replace(ExampleName, name, StringComparison.Ordinal)
        );
}
