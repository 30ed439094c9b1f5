using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// <c>long bpf_trace_printk(fmt, fmt_size, ...)</c> with up to three arguments in R3 to R5: the number of bytes written to the machine's
/// trace buffer, or a negative errno. <c>fmt</c> must end in a NUL within <c>fmt_size</c> bytes.
/// </summary>
internal static class TracePrintk
{
    // BPF_TRACE_PRINTK_SIZE.
    private const int MaxOutput = 1024;

    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (
            registers[2] is 0 or > int.MaxValue
            || !run.Environment.Arena.TryBytes(registers[1], (int)registers[2], out var format)
        )
        {
            return run.Trap("R1 of trace_printk is not a format of R2 bytes");
        }

        Span<byte> output = stackalloc byte[MaxOutput];
        var end = format.IndexOf((byte)0);
        var arguments = new ReadOnlySpan<ulong>(registers + 3, 3);
        var written =
            end < 0
                ? TraceFormat.Malformed
                : TraceFormat.Write(run.Environment.Arena, format[..end], arguments, output);
        if (written < 0)
        {
            registers[0] = Errno.EINVAL.AsResult();
            return HelperOutcome.Done;
        }

        run.Environment.Trace.Write(output[..written]);
        registers[0] = (ulong)written;
        return HelperOutcome.Done;
    }
}
