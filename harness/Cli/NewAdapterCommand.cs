using System.CommandLine;
using Conformance.Cli.NewAdapter;
using Conformance.Cli.Selecting;

namespace Conformance.Cli;

/// <summary><c>helper-conformance new-adapter</c>: the beginning of an adapter, which works as it stands.</summary>
internal static class NewAdapterCommand
{
    // hello allows a hundred.
    private const int LongestName = 100;

    public static Command Create(Terminal terminal)
    {
        var known = string.Join(", ", LanguageKit.All.Select(kit => kit.Language));
        var language = new Argument<string>("LANG") { Description = $"The language: {known}." };
        var target = new Argument<string>("DIR") { Description = "A new or empty folder." };
        var command = new Command(
            "new-adapter",
            "Write the beginning of an adapter for a machine of one's own: a kit, and a tiny machine to be replaced."
        )
        {
            language,
            target,
        };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetRequiredValue(language);
            return LanguageKit.All.FirstOrDefault(kit => kit.Language == asked) is { } kit
                ? Write(kit, parsed.GetRequiredValue(target), terminal)
                : terminal.Refuse(
                    $"there is no kit for {asked}; there are {known}. For other languages, harness/PROTOCOL.md is all one needs"
                );
        });
        return command;
    }

    private static int Write(LanguageKit kit, string directory, Terminal terminal)
    {
        if (File.Exists(directory))
        {
            return terminal.Refuse($"{directory}: is a file; name a new or empty directory");
        }

        try
        {
            if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            {
                return terminal.Refuse($"{directory} is not empty");
            }

            Directory.CreateDirectory(directory);
            kit.Write(directory, NameFor(directory));
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            return terminal.Refuse($"{directory}: {FileProblem.Of(unwritable)}");
        }

        var folder = Path.TrimEndingDirectorySeparator(directory) + Path.DirectorySeparatorChar;
        var start = OwnCommand.Quoted(string.Format(kit.Start, WordFor(folder)));
        terminal.Out.WriteLine($"an adapter in {kit.Language} around a tiny machine written to {directory}");
        terminal.Out.WriteLine($"read   {folder}README.md, one page, and replace the tiny machine by yours");
        if (kit.Build is { } build)
        {
            terminal.Out.WriteLine($"build  (cd {OwnCommand.Quoted(directory)} && {build})");
        }

        terminal.Out.WriteLine($"vet    {terminal.Command} smoke --vm {start}");
        terminal.Out.WriteLine($"run    {terminal.Command} run --vm {start}");
        return ExitCode.Ok;
    }

    // A command needs a slash to be looked for where it is.
    private static string WordFor(string folder) =>
        OwnCommand.Quoted(Path.IsPathRooted(folder) ? folder : $".{Path.DirectorySeparatorChar}{folder}");

    /// <summary>What the machine is called until its author says so: as the directory.</summary>
    private static string NameFor(string directory)
    {
        var name = new string([
            .. Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)))
                .Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')
                .Take(LongestName),
        ]);
        return name.Length == 0 ? "adapter" : name;
    }
}
