namespace Conformance.Linux.Calls;

/// <summary>A file descriptor that is closed with its scope.</summary>
internal readonly struct Descriptor(int number) : IDisposable
{
    public int Number { get; } = number;

    public bool IsOpen => Number >= 0;

    public void Dispose()
    {
        if (Number >= 0)
        {
            _ = Libc.Close(Number);
        }
    }
}
