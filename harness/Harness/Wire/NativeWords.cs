using System.Runtime.InteropServices;

namespace Conformance.Harness.Wire;

/// <summary>Strings as C has them: each ended by a zero, their list by a null pointer.</summary>
internal sealed unsafe class NativeWords : IDisposable
{
    private readonly int _count;

    public NativeWords(IEnumerable<string> words)
    {
        string[] list = [.. words];
        _count = list.Length;
        All = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        for (var index = 0; index < _count; index++)
            All[index] = (byte*)Marshal.StringToCoTaskMemUTF8(list[index]);
    }

    public byte* First => All[0];

    public byte** All { get; private set; }

    public void Dispose()
    {
        for (var index = 0; index < _count; index++)
            Marshal.FreeCoTaskMem((nint)All[index]);
        NativeMemory.Free(All);
        All = null;
    }
}
