using System.CommandLine;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Selecting;

/// <summary>The options <c>--expectations</c> and <c>--update-expectations</c>.</summary>
internal sealed class Gate
{
    private readonly Option<string?> _file = new("--expectations")
    {
        Description =
            "A JSON file of known failures and flaky cases: red is then what is not as it says, also a listed case that passes.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _update = new("--update-expectations")
    {
        Description = "Rewrite that file by this run. Reasons, links, owners and comments of what stays are kept.",
    };

    public IEnumerable<Option> Options => [_file, _update];

    /// <summary>Whether the file is to be written.</summary>
    public bool IsUpdated(ParseResult parsed) => parsed.GetValue(_update);

    /// <summary>Reads the file, where one is named.</summary>
    /// <param name="isWhole">Whether the set is the whole suite; otherwise nothing can be said of patterns that list no case.</param>
    /// <returns>False after saying what is wrong.</returns>
    public bool Load(ParseResult parsed, VectorSet set, bool isWhole, Terminal terminal, out ExpectationFile? file)
    {
        file = null;
        var path = parsed.GetValue(_file);
        if (path is null)
        {
            return !IsUpdated(parsed) || Refused(terminal, "--update-expectations needs --expectations FILE");
        }

        if (IsUpdated(parsed) && !isWhole)
        {
            return Refused(terminal, "--update-expectations does not go with --file: the other cases would be dropped");
        }

        file = ExpectationFile.Load(path, set, IsUpdated(parsed), terminal);
        return file is not null;
    }

    private static bool Refused(Terminal terminal, string why)
    {
        terminal.Refuse(why);
        return false;
    }
}
