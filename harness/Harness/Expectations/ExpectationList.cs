using Conformance.Harness.Json;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Expectations;

/// <summary>The contents of a file of expectations: known failures and known flaky cases. <c>harness/expectations.schema.json</c> describes it.</summary>
/// <param name="ExpectedFailures">Cases that fail or error, and are as red as a new failure once they do not.</param>
/// <param name="Flaky">Cases that are run and reported, and decide nothing.</param>
public sealed record ExpectationList(
    IReadOnlyList<ExpectationEntry> ExpectedFailures,
    IReadOnlyList<ExpectationEntry> Flaky
)
{
    /// <summary>Nothing is listed: all cases are to pass.</summary>
    public static ExpectationList Empty { get; } = new([], []);

    /// <summary>The schema that the file names.</summary>
    public string? Schema { get; init; }

    /// <summary>Whatever there is to say about the file as a whole.</summary>
    public string? Comment { get; init; }

    /// <summary>All entries, in the order in which they decide: what is flaky is flaky, whatever else lists it.</summary>
    public IEnumerable<ExpectationEntry> Entries => Flaky.Concat(ExpectedFailures);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="file">What errors call it.</param>
    /// <param name="errors">All that is wrong with it.</param>
    /// <returns>The list; null where anything is wrong.</returns>
    public static ExpectationList? Parse(string file, ReadOnlySpan<byte> text, out IReadOnlyList<LoadError> errors)
    {
        var sink = new ErrorSink(file);
        var list = LocatedJson.Parse(text, sink) is { } root ? new ExpectationReader(file, sink).Read(root) : null;
        errors = sink.Errors;
        return sink.Count == 0 ? list : null;
    }

    /// <summary>Writes the file: the same list always as the same text.</summary>
    public void Write(TextWriter writer) => ExpectationText.Write(this, writer);
}
