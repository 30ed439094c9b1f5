using System.CommandLine;
using System.Text;
using Conformance.Cli.Selecting;
using Conformance.Harness.Documentation;

namespace Conformance.Cli;

/// <summary><c>helper-conformance docs</c>: writes the book of expected behaviour, or says that the one there is stale.</summary>
internal static class DocsCommand
{
    private const string FolderName = "docs";
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    public static Command Create(Terminal terminal)
    {
        var target = new Option<string>("--out")
        {
            Description = "The folder to write to; by default docs beside the folder of vectors, or where you are.",
            HelpName = "DIR",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Write nothing; fail if the files there are not what would be written.",
        };
        var folder = VectorFolder.Option();
        var command = new Command(
            "docs",
            $"Write {Book.MarkdownFile} and {Book.HtmlFile} from the rules, the vectors and what was certified."
        )
        {
            target,
            check,
            folder,
        };
        command.SetAction(parsed =>
        {
            if (
                VectorFolder.Load(parsed.GetValue(folder), terminal) is not { } loaded
                || VectorFolder.Certification(loaded, terminal).Record is not { } record
            )
            {
                return ExitCode.BrokenInput;
            }

            var (book, problems) = Book.Generate(loaded.Set, record);
            if (book is null)
            {
                foreach (var problem in problems)
                {
                    terminal.Refuse(problem);
                }

                return ExitCode.BrokenInput;
            }

            var directory = parsed.GetValue(target) ?? Default(loaded.Folder);
            (string File, string Text)[] files =
            [
                (Path.Combine(directory, Book.MarkdownFile), book.Markdown),
                (Path.Combine(directory, Book.HtmlFile), book.Html),
            ];
            return parsed.GetValue(check) ? Check(files, terminal) : Write(directory, files, terminal);
        });
        return command;
    }

    // In a clone the book has its place; vectors that were shipped with the command have none beside them.
    private static string Default(string vectors)
    {
        var beside = Path.Combine(vectors, "..", FolderName);
        return Directory.Exists(beside)
            ? Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.GetFullPath(beside))
            : FolderName;
    }

    private static int Check((string File, string Text)[] files, Terminal terminal)
    {
        var stale = false;
        foreach (var (file, text) in files)
        {
            if (!File.Exists(file))
            {
                terminal.Error.WriteLine($"error: {file} is not there");
                stale = true;
            }
            else if (Difference(File.ReadAllText(file).ReplaceLineEndings("\n"), text) is { } line)
            {
                terminal.Error.WriteLine($"error: {file}:{line}: is stale from here on");
                stale = true;
            }
        }

        if (stale)
        {
            terminal.Error.WriteLine($"write it again with: {terminal.Command} docs");
            return ExitCode.Failures;
        }

        terminal.Out.WriteLine("the book is up to date");
        return ExitCode.Ok;
    }

    /// <summary>The first line that differs, from 1; null where none does.</summary>
    private static int? Difference(string found, string expected)
    {
        if (found == expected)
        {
            return null;
        }

        var same = found.AsSpan().CommonPrefixLength(expected);
        return 1 + found.AsSpan(0, same).Count('\n');
    }

    private static int Write(string directory, (string File, string Text)[] files, Terminal terminal)
    {
        try
        {
            Directory.CreateDirectory(directory);
            foreach (var (file, text) in files)
            {
                File.WriteAllText(file, text, Encoding);
                terminal.Out.WriteLine($"{file}: {Encoding.GetByteCount(text) / 1024} KiB");
            }

            return ExitCode.Ok;
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            return terminal.Refuse($"{directory}: {FileProblem.Of(unwritable)}");
        }
    }
}
