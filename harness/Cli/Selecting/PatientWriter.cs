using System.Text;

namespace Conformance.Cli.Selecting;

/// <summary>A writer whose file may fail without ending the run: the first failure is kept, and nothing is written after it.</summary>
internal sealed class PatientWriter(TextWriter inner) : TextWriter
{
    /// <summary>What went wrong first.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            Failure = unwritable;
        }
    }
}
