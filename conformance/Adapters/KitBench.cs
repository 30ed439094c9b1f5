using System.Collections.Concurrent;
using System.Diagnostics;
using Conformance.Cli;
using Conformance.Cli.NewAdapter;
using Conformance.Harness.Vectors;
using Conformance.Tests.Cli;
using Conformance.Tests.Harness.Wire;

namespace Conformance.Tests.Adapters;

/// <summary>Adapters as <c>new-adapter</c> writes them, built; each once.</summary>
public sealed class KitBench : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Restoring and building a project takes longer than all other tests of the kits together. What is scaffolded of it are the files that this solution builds.
    private const string Prebuilt = "csharp";

    private readonly string _root = Directory.CreateTempSubdirectory("kits with blanks ").FullName;
    private readonly ConcurrentDictionary<string, Lazy<string>> _commands = new(StringComparer.Ordinal);

    /// <summary>The command that starts the scaffolded adapter, as <c>--vm</c> takes it.</summary>
    public string CommandOf(string language) =>
        language == Prebuilt
            ? string.Join(
                ' ',
                OwnCommand.Quoted(AdapterBench.Dotnet),
                OwnCommand.Quoted(AdapterBench.Library("tiny-adapter"))
            )
            : _commands.GetOrAdd(language, _ => new Lazy<string>(() => Make(KitOf(language)))).Value;

    /// <summary>The sources of the stubs.</summary>
    public static string Stubs => Path.Combine(VectorLocation.Find()!, "..", "conformance", "Adapters", "Stubs");

    /// <summary>The command that starts a stub on the kit: an adapter without a machine.</summary>
    public string StubOf(string language)
    {
        var kit = KitOf(language);
        var directory = Directory.CreateDirectory(Path.Combine(_root, $"stub in {language}")).FullName;
        var example = kit.Example[0];
        File.Copy(Path.Combine(kit.Folder, kit.Kit[0]), Path.Combine(directory, kit.Kit[0]));
        File.Copy(Path.Combine(Stubs, "stub" + Path.GetExtension(example.From)), Path.Combine(directory, example.To));
        return Built(kit, directory);
    }

    /// <summary>What its machine is called: as its directory.</summary>
    public string NameOf(string language) => language == Prebuilt ? KitOf(language).ExampleName : language;

    internal static LanguageKit KitOf(string language) => LanguageKit.All.Single(kit => kit.Language == language);

    /// <summary>What a process says to what it is told; it must end with its input, and well.</summary>
    public static (string Out, string Error) Told(IReadOnlyList<string> words, string directory, string input)
    {
        using var process = Process.Start(
            new ProcessStartInfo(words[0], words.Skip(1))
            {
                UseShellExecute = false,
                WorkingDirectory = directory,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit(Patience).Should().BeTrue();
        process.ExitCode.Should().Be(0, error.Result);
        return (output.Result, error.Result);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Make(LanguageKit kit)
    {
        var directory = Path.Combine(_root, kit.Language);
        var run = CommandRun.Of("new-adapter", kit.Language, directory);
        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        return Built(kit, directory);
    }

    private static string Built(LanguageKit kit, string directory)
    {
        if (kit.Build is { } build)
            Told(["sh", "-c", build], directory, input: "");
        return string.Format(kit.Start, OwnCommand.Quoted(directory + Path.DirectorySeparatorChar));
    }
}
