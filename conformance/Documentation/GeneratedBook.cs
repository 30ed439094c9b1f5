using Conformance.Harness.Certification;
using Conformance.Harness.Documentation;
using Conformance.Harness.Vectors;

namespace Conformance.Tests.Documentation;

/// <summary>The book of the real vectors, generated once for all tests, and the files in the repository.</summary>
internal static class GeneratedBook
{
    public static string VectorsFolder { get; } =
        VectorLocation.Find() ?? throw new DirectoryNotFoundException("no vectors folder");

    public static VectorSet Set => Loaded.Value;

    public static Book Of => Generated.Value;

    private static readonly Lazy<VectorSet> Loaded = new(() =>
        VectorSet.Load(VectorsFolder).Set ?? throw new InvalidDataException("the vectors are broken")
    );

    private static readonly Lazy<Book> Generated = new(Generate);

    public static string PathOf(string file) => Path.GetFullPath(Path.Combine(VectorsFolder, "..", "docs", file));

    public static Book Generate()
    {
        var record = CertificationRecord.Load(VectorsFolder).Record ?? throw new InvalidDataException("certified.json");
        var result = Book.Generate(Set, record);
        return result.Book ?? throw new InvalidDataException(string.Join('\n', result.Problems));
    }
}
