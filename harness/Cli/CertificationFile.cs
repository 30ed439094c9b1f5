using Conformance.Cli.Selecting;
using Conformance.Harness.Certification;

namespace Conformance.Cli;

/// <summary>The record beside the vectors: read anew and replaced as a whole, so that whatever interrupts loses nothing.</summary>
internal sealed class CertificationFile(LoadedVectors vectors, Terminal terminal)
{
    private readonly string _path = Path.Combine(vectors.Folder, CertificationRecord.FileName);

    /// <summary>Drops what certifies nothing any more.</summary>
    /// <returns>The exit code.</returns>
    public int Prune() =>
        Change(static (record, hashes) => record.Pruned(hashes)) is null ? ExitCode.BrokenInput : ExitCode.Ok;

    /// <summary>Changes the record, and says what has become of it.</summary>
    /// <returns>What it is now; null after saying why it was not changed.</returns>
    public CertificationRecord? Change(
        Func<CertificationRecord, IReadOnlyDictionary<string, string>, CertificationRecord> change
    )
    {
        // Another certification may have written it since this one began.
        if (VectorFolder.Certification(vectors, terminal) is not { Record: { } before } load)
            return null;
        var after = change(before, CaseHash.OfAll(vectors.Set));
        var (old, now) = (Entries(before), Entries(after));
        var text = TextOf(after);
        var written = !load.Found || TextOf(before) != text || File.ReadAllText(_path) != text;
        if (written && !TryWrite(text))
            return null;

        var (added, dropped) = (now.Except(old).Count(), old.Except(now).Count());
        terminal.Out.WriteLine(
            written ? $"{_path}: {added} certificates added, {dropped} dropped" : $"{_path}: nothing to change"
        );
        var settled = before.Uncertified.Count - after.Uncertified.Count;
        if (settled > 0)
            terminal.Out.WriteLine($"{_path}: {settled} reasons dropped, as nothing needs them any more");
        return after;
    }

    private bool TryWrite(string text)
    {
        try
        {
            using var file = new ReportFile(_path, atOnce: false);
            file.Writer.Write(text);
            file.Complete();
            return true;
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            terminal.Refuse($"{_path}: {FileProblem.Of(unwritable, _path)}");
            return false;
        }
    }

    private static string TextOf(CertificationRecord record)
    {
        using var text = new StringWriter();
        record.Write(text);
        return text.ToString();
    }

    private static HashSet<(CertifiedKernel, string Case, string Hash)> Entries(CertificationRecord record) =>
        [
            .. record.Certificates.SelectMany(certificate =>
                certificate.Cases.Select(held => (certificate.On, held.Key, held.Value))
            ),
        ];
}
