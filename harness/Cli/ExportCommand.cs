using System.CommandLine;
using Conformance.Cli.Selecting;
using Conformance.Harness.Reporting;

namespace Conformance.Cli;

/// <summary><c>helper-conformance export</c>: the cases for runners that expand nothing and assemble nothing.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var target = new Argument<string>("DIR") { Description = "A new or empty folder." };
        var folder = VectorFolder.Option();
        var selection = new Selection();
        var command = new Command(
            "export",
            "Write the expanded cases as JSON, one file for each vector, programs as bytecode in hex."
        )
        {
            target,
            folder,
        };
        foreach (var option in selection.Options)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (
                VectorFolder.Load(parsed.GetValue(folder), terminal) is not { } loaded
                || selection.Choose(loaded.Set, parsed, terminal) is not { } cases
            )
            {
                return ExitCode.BrokenInput;
            }

            var directory = parsed.GetRequiredValue(target);
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
                var files = 0;
                foreach (var vector in cases.GroupBy(@case => @case.Vector))
                {
                    using var file = File.Create(Path.Combine(directory, vector.Key.Id + ".json"));
                    CaseExport.Write(vector.Key, [.. vector], loaded.Set.Rules, file);
                    files++;
                }

                terminal.Out.WriteLine($"{cases.Count} cases of {files} vectors written to {directory}");
                return ExitCode.Ok;
            }
            catch (Exception unwritable) when (FileProblem.Is(unwritable))
            {
                return terminal.Refuse($"{directory}: {FileProblem.Of(unwritable)}");
            }
        });
        return command;
    }
}
