using System.Globalization;
using System.Text;

namespace Conformance.Linux.Bpf;

/// <summary>
/// The name that every map and program of a process carries in the kernel, <c>hc_PID</c>: who looks at what is loaded sees whose it
/// is, and a test can see that nothing is left.
/// </summary>
internal static class ObjectName
{
    /// <summary>Bytes of a name in bpf(2), with the zero at its end (BPF_OBJ_NAME_LEN).</summary>
    public const int Size = 16;

    private static readonly byte[] Own = Encoding.ASCII.GetBytes(Of(Environment.ProcessId));

    public static ReadOnlySpan<byte> OfThisProcess => Own;

    public static string Of(int process) => "hc_" + process.ToString(CultureInfo.InvariantCulture);
}
