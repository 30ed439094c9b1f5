using Conformance.Harness.Certification;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>What the helper does, as one document in two formats, made from rules, vectors and the record of certifications.</summary>
/// <param name="Markdown">For repositories and terminals; UTF-8, lines end in a line feed.</param>
/// <param name="Html">One page that needs nothing else: style and script are part of it.</param>
public sealed record Book(string Markdown, string Html)
{
    /// <summary>The vector whose program is the worked example; without it there is no book.</summary>
    public const string WorkedExample = "user.traffic-per-cgroup";

    /// <summary>File name of <see cref="Markdown"/>.</summary>
    public const string MarkdownFile = "expected-behaviour.md";

    /// <summary>File name of <see cref="Html"/>.</summary>
    public const string HtmlFile = "expected-behaviour.html";

    /// <summary>
    /// Runs the examples on the reference VM and writes down what they showed. The same vectors always give the same text.
    /// </summary>
    /// <returns>The book, or what keeps it from being written: a missing example, an example that does not hold.</returns>
    public static BookResult Generate(VectorSet set, CertificationRecord record)
    {
        var problems = new List<string>();
        var contents = BookContents.Gather(set, record, problems);
        return problems.Count > 0 || contents is null
            ? new BookResult(Book: null, problems)
            : new BookResult(new Book(MarkdownBook.Write(contents), HtmlBook.Write(contents)), []);
    }
}

/// <summary>What became of generating a book.</summary>
/// <param name="Book">The book; null where there are problems.</param>
/// <param name="Problems">One sentence each.</param>
public sealed record BookResult(Book? Book, IReadOnlyList<string> Problems);
