namespace Conformance.Cli.NewAdapter;

/// <summary>A kit of <c>harness/adapters</c>, as it lies beside the command.</summary>
/// <param name="Language">Its folder, and the word for the command line.</param>
/// <param name="Kit">What is used as it is: files of the kit.</param>
/// <param name="Example">The tiny machine and its adapter, which become the beginning of one's own: files of the kit, each with the name it then has.</param>
/// <param name="Build">What makes it a program, in its folder; null where nothing needs to.</param>
/// <param name="Start">What starts it; <c>{0}</c> is its folder with a slash behind it.</param>
internal sealed record LanguageKit(
    string Language,
    IReadOnlyList<string> Kit,
    IReadOnlyList<(string From, string To)> Example,
    string? Build,
    string Start
)
{
    private const string Readme = "README.md";
    private const string Protocol = "PROTOCOL.md";
    private const string LibraryFolder = "lib";

    public static IReadOnlyList<LanguageKit> All { get; } =
    [
        new("c", ["conformance_kit.h"], [("tiny.c", "adapter.c")], "cc -O2 -Wall -o adapter adapter.c", "{0}adapter"),
        new(
            "csharp",
            [],
            [
                ("Scaffold/adapter.csproj", "adapter.csproj"),
                ("Tiny/Program.cs", "Program.cs"),
                ("Tiny/Adapter.cs", "Adapter.cs"),
                ("Tiny/TinyVm.cs", "TinyVm.cs"),
                ("Tiny/Cgroup.cs", "Cgroup.cs"),
                ("Tiny/Memory.cs", "Memory.cs"),
                ("Tiny/TinyMap.cs", "TinyMap.cs"),
                ("Tiny/TinyProgram.cs", "TinyProgram.cs"),
                ("Tiny/TinyProgram.Run.cs", "TinyProgram.Run.cs"),
            ],
            "dotnet build -c Release -o bin",
            "dotnet {0}bin/adapter.dll"
        )
        {
            Libraries = ["Conformance.AdapterKit.dll", "Conformance.Harness.dll", "Conformance.ReferenceVm.dll"],
        },
        new("node", ["conformance_kit.mjs"], [("tiny.mjs", "adapter.mjs")], Build: null, "node {0}adapter.mjs"),
        new("python", ["conformance_kit.py"], [("tiny.py", "adapter.py")], Build: null, "python3 {0}adapter.py"),
    ];

    /// <summary>Libraries of this command that the adapter refers to.</summary>
    public IReadOnlyList<string> Libraries { get; init; } = [];

    /// <summary>What the example calls its machine.</summary>
    public string ExampleName => $"tiny-{Language}";

    /// <summary>Where the kit lies.</summary>
    public string Folder => Path.Combine(Root, Language);

    private static string Root => Path.Combine(AppContext.BaseDirectory, "adapters");

    /// <summary>Writes the kit, the example under its new names, and what one reads with them.</summary>
    /// <param name="directory">An empty directory.</param>
    /// <param name="name">What the machine is to be called.</param>
    public void Write(string directory, string name)
    {
        File.Copy(Path.Combine(Root, Protocol), Path.Combine(directory, Protocol));
        foreach (var file in Kit)
            File.Copy(Path.Combine(Folder, file), Path.Combine(directory, file));
        foreach (var (from, to) in Example.Append((Readme, Readme)))
            File.WriteAllText(Path.Combine(directory, to), Renamed(File.ReadAllText(Path.Combine(Folder, from)), name));
        if (Libraries.Count == 0)
            return;
        Directory.CreateDirectory(Path.Combine(directory, LibraryFolder));
        foreach (var library in Libraries)
            File.Copy(Path.Combine(AppContext.BaseDirectory, library), Path.Combine(directory, LibraryFolder, library));
    }

    private string Renamed(string text, string name) =>
        Example
            .Aggregate(text, (all, file) => all.Replace(file.From, file.To, StringComparison.Ordinal))
            .Replace($"../../{Protocol}", Protocol, StringComparison.Ordinal)
            .Replace(ExampleName, name, StringComparison.Ordinal);
}
