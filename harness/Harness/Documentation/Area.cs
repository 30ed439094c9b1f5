using System.Text.Json;

namespace Conformance.Harness.Documentation;

/// <summary>The rules whose ids begin with one word.</summary>
/// <param name="Name">The word.</param>
/// <param name="Title">As a heading.</param>
/// <param name="Text">What they have in common, Markdown; empty where nobody has written it yet.</param>
/// <param name="C">A C program for the area, or null.</param>
internal sealed record Area(string Name, string Title, string Text, CExample? C, IReadOnlyList<RuleEntry> Rules)
{
    private static readonly Dictionary<string, AreaWords> Words = JsonSerializer.Deserialize(
        BookResources.Text("areas.json"),
        BookJson.Default.DictionaryStringAreaWords
    )!;

    public static Area Of(string name, IReadOnlyList<RuleEntry> rules)
    {
        var words = Words.GetValueOrDefault(name) ?? new AreaWords(char.ToUpperInvariant(name[0]) + name[1..], "");
        return new Area(name, words.Title, words.Text, CExample.Find(name), rules);
    }
}

/// <summary>What <c>areas.json</c> says of an area.</summary>
internal sealed record AreaWords(string Title, string Text);

/// <summary>A C program of <c>docs/examples</c>.</summary>
internal sealed record CExample(string File, string Source)
{
    /// <summary>The program of an area: one for the kernel's side or one for user space.</summary>
    public static CExample? Find(string name) => Of($"{name}.bpf.c") ?? Of($"{name}.c");

    public static CExample? Of(string file) =>
        BookResources.Find($"examples/{file}") is { } source ? new CExample(file, source) : null;
}
