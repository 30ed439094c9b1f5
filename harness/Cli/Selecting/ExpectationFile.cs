using System.Text;
using Conformance.Harness.Expectations;
using Conformance.Harness.Reporting;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Selecting;

/// <summary>A file of expectations: read before a run, and replaced as a whole after it where that was asked for.</summary>
internal sealed class ExpectationFile
{
    private readonly string _path;
    private readonly byte[]? _text;
    private readonly IReadOnlyList<ListedCase> _suite;

    private ExpectationFile(string path, byte[]? text, ExpectationList list, IReadOnlyList<ListedCase> suite)
    {
        _path = path;
        _text = text;
        _suite = suite;
        List = list;
        Index = new ExpectationIndex(list, suite);
    }

    public ExpectationList List { get; }

    public ExpectationIndex Index { get; }

    /// <summary>Reads the file; null after saying what is wrong with it.</summary>
    /// <param name="isUpdated">Whether it is to be written: then it need not be there yet.</param>
    public static ExpectationFile? Load(string path, VectorSet set, bool isUpdated, Terminal terminal)
    {
        ListedCase[] suite = [.. set.Cases.Select(@case => new ListedCase(@case.Id, @case.Vector.Id))];
        if (isUpdated && !Path.Exists(path))
        {
            return new ExpectationFile(path, text: null, ExpectationList.Empty, suite);
        }

        try
        {
            var text = File.ReadAllBytes(path);
            var list = ExpectationList.Parse(path, text, out var errors);
            VectorFolder.Show(errors, terminal);
            return list is null ? null : new ExpectationFile(path, text, list, suite);
        }
        catch (Exception unreadable) when (FileProblem.Is(unreadable))
        {
            terminal.Refuse($"{path}: {FileProblem.OfReading(unreadable, path)}");
            return null;
        }
    }

    /// <summary>Makes it what the run would have fulfilled, and says what has become of it.</summary>
    /// <returns>Whether it is that now; otherwise why not has been said.</returns>
    public bool Update(RunRecord run, Terminal terminal)
    {
        var updated = ExpectationUpdate.Of(List, _suite, run.Results);
        if (ReferenceEquals(updated, List) && _text is not null)
        {
            terminal.Out.WriteLine($"{_path}: nothing to change");
            return true;
        }

        try
        {
            // Somebody may have edited it while the cases ran: what they wrote is not ours to lose.
            if (!(_text is null ? !Path.Exists(_path) : File.ReadAllBytes(_path).AsSpan().SequenceEqual(_text)))
            {
                terminal.Refuse($"{_path}: has changed since it was read, and was left alone");
                return false;
            }

            using var file = new ReportFile(_path, atOnce: false);
            updated.Write(file.Writer);
            file.Complete();
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            terminal.Refuse($"{_path}: {FileProblem.Of(unwritable, _path)}");
            return false;
        }

        terminal.Out.WriteLine($"{_path}: {Changes(updated)}");
        return true;
    }

    private string Changes(ExpectationList updated)
    {
        var (before, after) = (Listed(Index), Listed(new ExpectationIndex(updated, _suite)));
        var words = new StringBuilder($"cases entered: {after.Except(before).Count()}, ");
        words.Append($"dropped: {before.Except(after).Count()}");
        var unexplained = updated.Entries.Count(entry => entry.IsUnexplained);
        if (unexplained > 0)
        {
            words.Append($"; {unexplained} {(unexplained == 1 ? "entry" : "entries")} to explain");
        }

        return words.ToString();
    }

    private HashSet<(string, object?)> Listed(ExpectationIndex index) =>
        [
            .. _suite
                .Select(one => (one.Id, (object?)index.Find(one.Id)?.Listed))
                .Where(listed => listed.Item2 is not null),
        ];
}
