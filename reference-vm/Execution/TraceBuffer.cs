using System.Text;

namespace Conformance.ReferenceVm.Execution;

/// <summary>What bpf_trace_printk wrote: a ring that keeps the newest bytes.</summary>
public sealed class TraceBuffer
{
    private const int Capacity = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly byte[] _ring = new byte[Capacity];
    private long _written;

    /// <summary>Takes everything out that was written since the last call, as UTF-8 text. Lines that the ring had no room for are lost.</summary>
    public string Drain()
    {
        lock (_lock)
        {
            var count = (int)Math.Min(_written, Capacity);
            var start = (int)((_written - count) % Capacity);
            var bytes = new byte[count];
            var first = Math.Min(count, Capacity - start);
            _ring.AsSpan(start, first).CopyTo(bytes);
            _ring.AsSpan(0, count - first).CopyTo(bytes.AsSpan(first));
            _written = 0;
            return Encoding.UTF8.GetString(bytes);
        }
    }

    /// <summary>Appends.</summary>
    internal void Write(ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            foreach (var character in text)
            {
                _ring[(int)(_written++ % Capacity)] = character;
            }
        }
    }
}
