namespace Conformance.Cli.Output;

/// <summary>Text with labels in a margin, wrapped to the width that every terminal has.</summary>
internal sealed class Paragraphs(TextWriter writer)
{
    private const int Margin = 10;
    private bool _begun;

    /// <summary>A line of its own, set off by an empty one.</summary>
    public void Heading(string text)
    {
        if (_begun)
        {
            writer.WriteLine();
        }

        _begun = true;
        writer.WriteLine(text);
    }

    /// <summary>An empty line.</summary>
    public void Gap() => writer.WriteLine();

    /// <summary>Prose beside a label.</summary>
    public void Labelled(string label, string prose)
    {
        foreach (var line in Wrap(prose, Terminal.UsualWidth - Margin))
        {
            writer.WriteLine(label.PadRight(Margin) + line);
            label = "";
        }
    }

    /// <summary>Lines beside a label, as they are.</summary>
    public void Lines(string label, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            writer.WriteLine((label.PadRight(Margin) + line).TrimEnd());
            label = "";
        }
    }

    internal static IEnumerable<string> Wrap(string prose, int width)
    {
        var line = "";
        foreach (var word in prose.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
