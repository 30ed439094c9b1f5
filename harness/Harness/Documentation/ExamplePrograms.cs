using Conformance.Harness.Reporting;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Documentation;

/// <summary>The programs of a case for reading.</summary>
internal static class ExamplePrograms
{
    /// <summary>Lines of a program that are shown; the vector has the rest.</summary>
    private const int LongestProgram = 64;

    public static IReadOnlyList<ExampleProgram> Of(Case @case) =>
        [
            .. @case
                .Programs.Select(program => (program.Name, Type: Type(program), Lines: Lines(program)))
                .GroupBy(program => (program.Type, Text: string.Join('\n', program.Lines)))
                .Select(group => new ExampleProgram(
                    Names([.. group.Select(program => program.Name)]),
                    group.Key.Type,
                    group.First().Lines
                )),
        ];

    private static string Type(CaseProgram program)
    {
        var type = ReferenceVm.Programs.Names.Of(program.Load.Type);
        return ProgramTypes.Find(program.Load.Type) is { IsCgroupType: true }
            ? $"{type}, {ReferenceVm.Programs.Names.Of(program.Load.ExpectedAttachType)}"
            : type;
    }

    private static string Names(string[] names) =>
        names.Length switch
        {
            1 => names[0],
            2 or 3 => string.Join(", ", names),
            _ => $"{names[0]} to {names[^1]}, {names.Length} alike",
        };

    private static List<string> Lines(CaseProgram program)
    {
        var lines = program.Source is { } source
            ? [.. source.Select(Indented)]
            : ProgramListing.Of(program.Load).ToList();
        if (lines.Count <= LongestProgram)
            return lines;
        return [.. lines.Take(LongestProgram - 1), $"; and {lines.Count - LongestProgram + 1} more lines"];
    }

    private static string Indented(string line) => line.Split(';')[0].TrimEnd().EndsWith(':') ? line : $"    {line}";
}
