using System.Globalization;
using Conformance.Harness.Vectors;

namespace Conformance.Tests.Harness.Vectors;

public class CornerCaseTests
{
    private const int Count = 84;

    private static readonly VectorSet Set = VectorSet.Load(VectorLocation.Find()!).Set!;

    private static readonly (int Number, string Mistake, string Vectors)[] Lines =
    [
        .. File.ReadLines(Path.Combine(VectorLocation.Find()!, "README.md"))
            .SkipWhile(line => line != "## Corner cases")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5 && int.TryParse(cells[1], out _))
            .Select(cells => (int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2], cells[3])),
    ];

    [Fact]
    public void Every_corner_case_has_a_line_of_its_own()
    {
        Lines.Select(line => line.Number).Should().Equal(Enumerable.Range(1, Count));
        Lines.Should().OnlyHaveUniqueItems(line => line.Mistake);
    }

    [Fact]
    public void Every_vector_that_the_table_of_corner_cases_names_exists()
    {
        var known = Set.Vectors.Select(vector => vector.Id).ToHashSet();
        var named = Lines.Where(line => !IsReason(line.Vectors)).ToArray();

        named.Should().OnlyContain(line => Quoted(line.Vectors).Any());
        named.SelectMany(line => Quoted(line.Vectors)).Except(known).Should().BeEmpty();
    }

    [Fact]
    public void A_corner_case_without_a_vector_gives_the_reason_of_its_rule()
    {
        foreach (var line in Lines.Where(line => IsReason(line.Vectors)))
        {
            var words = Quoted(line.Vectors).ToArray();
            Set.Rules.Find(words[1])!.NoVector!.Kind.Should().Be(words[0], "line {0} says so", line.Number);
        }
    }

    private static bool IsReason(string cell) => cell.StartsWith("no vector", StringComparison.Ordinal);

    // What stands between backquotes.
    private static IEnumerable<string> Quoted(string cell) => cell.Split('`').Where((_, index) => index % 2 == 1);
}
