using Conformance.Harness.Json;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Certification;

/// <summary>What kernels have certified: the contents of <c>vectors/certified.json</c>.</summary>
/// <param name="Certificates">At most one for each kernel and version of the suite; a case stands in at most one of a kernel.</param>
/// <param name="Uncertified">The written reasons.</param>
public sealed record CertificationRecord(
    IReadOnlyList<Certificate> Certificates,
    IReadOnlyList<UncertifiedReason> Uncertified
)
{
    /// <summary>Name of the file in the folder of vectors.</summary>
    public const string FileName = "certified.json";

    /// <summary>Nothing certified, and no reasons.</summary>
    public static CertificationRecord Empty { get; } = new([], []);

    /// <summary>Reads the record of a folder of vectors. Never throws for what is in the file.</summary>
    public static CertificationLoad Load(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (!Path.Exists(file))
            return new CertificationLoad(Empty, [], Found: false);
        var errors = new ErrorSink(file);
        try
        {
            var record = LocatedJson.Parse(File.ReadAllBytes(file), errors) is { } root
                ? CertificationReader.Read(root, errors)
                : null;
            return new CertificationLoad(errors.Count == 0 ? record : null, errors.Errors, Found: true);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new CertificationLoad(
                Record: null,
                [new LoadError(file, "", null, $"cannot be read: {broken.Message}")],
                Found: true
            );
        }
    }

    /// <summary>Writes the file: sorted, one line for each case, the same record always as the same text.</summary>
    public void Write(TextWriter writer) => CertificationText.Write(this, writer);

    /// <summary>The record without what certifies nothing any more: cases that are gone or have changed, and reasons that are settled.</summary>
    /// <param name="hashes">The hashes of today (<see cref="CaseHash.OfAll"/>).</param>
    public CertificationRecord Pruned(IReadOnlyDictionary<string, string> hashes) =>
        CertificationMerge.Prune(this, hashes);

    /// <summary>The record with a run on a kernel added, and pruned.</summary>
    /// <param name="run">Where it ran, and the cases that held. What this kernel has certified before with the same hash stays as it is.</param>
    /// <param name="failed">Ids of the cases that failed: nothing certifies them on this kernel any more.</param>
    /// <param name="hashes">The hashes of today.</param>
    public CertificationRecord With(
        Certificate run,
        IReadOnlySet<string> failed,
        IReadOnlyDictionary<string, string> hashes
    ) => CertificationMerge.Add(this, run, failed, hashes);
}

/// <summary>What became of reading a record.</summary>
/// <param name="Record">The record; empty where there is no file, null where it is broken.</param>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Found">Whether there is such a file.</param>
public sealed record CertificationLoad(CertificationRecord? Record, IReadOnlyList<LoadError> Errors, bool Found);
