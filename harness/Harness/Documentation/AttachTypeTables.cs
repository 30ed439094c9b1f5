using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Documentation;

/// <summary>The program types that may call the helper, and where they can be attached.</summary>
internal static class AttachTypeTables
{
    public static string ProgramTypes(BookContents contents) =>
        MarkdownText.Table(
            ["program type", "number", "context", "test run", "attach types"],
            contents
                .AttachTypes.GroupBy(entry => entry.Program)
                .Select(types =>
                    (IReadOnlyList<string>)
                        [
                            $"`{Names.Of(types.Key.Type)}`",
                            $"{(int)types.Key.Type}",
                            $"`struct {types.Key.Context.StructName}`",
                            types.Key.HasTestRun ? "yes" : "no (error 524)",
                            $"{types.Count()}",
                        ]
                )
        );

    public static string AttachTypes(BookContents contents) =>
        MarkdownText.Table(
            ["attach type, number, program type", "since", "runs when", "may return", "a verdict of 0", "observed"],
            contents.AttachTypes.Select(entry =>
                (IReadOnlyList<string>)
                    [
                        $"`{Names.Of(entry.Type)}`<br>{(int)entry.Type}, `{Names.Of(entry.Program.Type)}`",
                        entry.Words.Since,
                        entry.Words.When,
                        Range(entry.Returns),
                        entry.Words.Denial,
                        Observed(entry),
                    ]
            )
        );

    private static string Range(ReturnRange range) =>
        range.Min == range.Max ? $"{range.Min}" : $"{range.Min} to {range.Max}";

    // Values that end alike are named together: "0: denied with EPERM; 1 to 3: completed" would hide that 2 differs.
    private static string Observed(AttachTypeEntry entry) =>
        string.Join(
            "<br>",
            entry
                .Verdicts.GroupBy(verdict => verdict.Observed)
                .Select(group => $"{string.Join(", ", group.Select(verdict => verdict.Returned))}: {group.Key}")
        );
}
