using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Guest memory: one reserved mapping, committed on demand. A guest address is a 64-bit number from <see cref="Start"/> upwards;
/// turning it into a host address is one subtraction and one unsigned comparison, so that no access reaches host memory. Nothing
/// of the machine's own lies in here. Objects are zeroed, 8-byte aligned and have a gap behind them. A checked arena also knows
/// which bytes belong to live objects and refuses all others.
/// </summary>
public sealed unsafe class Arena : IDisposable
{
    /// <summary>The usual guest address of the first byte: where Linux keeps its vmalloc area on x86-64, so that pointers look like kernel pointers.</summary>
    public const ulong Base = 0xffff_c900_0000_0000;

    // No object lies in the first page, so that a null or a small number added to the base names nothing.
    private const long FirstObject = 4096;

    // The dead bytes behind every object, which make an access just past its end visible to the checked mode.
    private const long Gap = 16;

    // The accessible part grows in these steps.
    private const long Quantum = 64 * 1024;

    // An access that starts at the last accessible byte may reach 7 bytes further; those are mapped too.
    private const long Overhang = 4096;

    private readonly HostMemory _memory;
    private readonly Liveness? _liveness;
    private readonly Stack<ulong>?[] _free = new Stack<ulong>?[SizeClasses.Count];
    private readonly Dictionary<ulong, long> _objects = [];
    private readonly Lock _lock = new();
    private readonly long _capacity;
    private long _top = FirstObject;
    private long _accessible;

    /// <summary>Reserves guest memory.</summary>
    /// <param name="limits">Its size and the number of CPUs that run in it.</param>
    /// <param name="isChecked">Whether accesses outside live objects are refused.</param>
    /// <param name="offset">Bytes by which all guest addresses are moved, a multiple of 8.</param>
    public Arena(Limits limits, bool isChecked = false, ulong offset = 0)
    {
        Start = Base + offset;
        _capacity = limits.ArenaSize;
        _memory = new HostMemory(_capacity + Overhang);
        Host = _memory.Start;
        _liveness = isChecked ? new Liveness(_capacity) : null;
        GracePeriod = new GracePeriod(limits.PossibleCpus, Free);
        if (!Grow(_top))
        {
            throw new InvalidOperationException("The host has no memory for an arena.");
        }
    }

    /// <summary>Whether accesses outside live objects are refused.</summary>
    public bool IsChecked => _liveness is not null;

    /// <summary>Bytes taken by live objects, without gaps.</summary>
    public long LiveBytes
    {
        get
        {
            lock (_lock)
            {
                return _objects.Values.Sum();
            }
        }
    }

    /// <summary>The guest address of this arena's first byte: <see cref="Base"/>, unless it was moved.</summary>
    public ulong Start { get; }

    /// <summary>The host address of <see cref="Start"/>.</summary>
    internal byte* Host { get; }

    /// <summary>
    /// Offsets below this may be accessed without asking further, by up to 8 bytes. Zero in a checked arena, so that the one
    /// comparison of the fast path sends every access to <see cref="Admits"/>.
    /// </summary>
    internal ulong FastLimit => _liveness is null ? (ulong)Volatile.Read(ref _accessible) : 0;

    /// <summary>What keeps replaced objects alive while runs may hold them.</summary>
    internal GracePeriod GracePeriod { get; }

    /// <summary>Allocates a zeroed object of <paramref name="size"/> bytes, at least 1; returns its guest address, or 0 where memory has run out.</summary>
    public ulong Allocate(long size) => Allocate(size, live: true);

    /// <summary>Gives an object back at once. It must be live, and no run may hold it: see <see cref="Retire"/>.</summary>
    public void Free(ulong address)
    {
        lock (_lock)
        {
            if (!_objects.Remove(address, out var size))
            {
                throw new InvalidOperationException($"0x{address:x} is not a live object.");
            }

            _liveness?.Clear((long)(address - Start), size);
            var (index, _) = SizeClasses.Of(size + Gap);
            (_free[index] ??= new Stack<ulong>()).Push(address);
        }
    }

    /// <summary>Gives an object back once every run that was under way has ended. Runs that hold it may read and write it until then.</summary>
    public void Retire(ulong address) => GracePeriod.Retire(address);

    /// <summary>
    /// Forgets every object. Costs what was touched, not the arena's size.
    /// </summary>
    /// <exception cref="InvalidOperationException">A run is under way.</exception>
    public void Reset()
    {
        GracePeriod.Reset();
        lock (_lock)
        {
            // Not only up to the last object: in an unchecked arena a program may have written anywhere in the accessible part.
            _memory.Clear(_accessible + sizeof(ulong));
            _liveness?.Reset(_top);
            _objects.Clear();
            foreach (var list in _free)
            {
                list?.Clear();
            }

            _top = FirstObject;
            Volatile.Write(ref _accessible, Math.Min(Quantum, _capacity));
        }
    }

    /// <summary>The bytes of an object, for the machine's own use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not guest memory: a bug of the caller.</exception>
    public Span<byte> Bytes(ulong address, int size) =>
        TryBytes(address, size, out var bytes)
            ? bytes
            : throw new ArgumentOutOfRangeException(
                nameof(address),
                $"0x{address:x} is not {size} bytes of guest memory."
            );

    /// <summary>The bytes at an address that a program supplied; false where they are no guest memory, or, in a checked arena, not one live object's.</summary>
    public bool TryBytes(ulong address, int size, out Span<byte> bytes)
    {
        var offset = address - Start;
        if (!Admits(offset, size))
        {
            bytes = default;
            return false;
        }

        bytes = new Span<byte>(Host + offset, size);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _liveness?.Dispose();
    }

    /// <summary>Allocates a block whose parts are made live one by one (<see cref="Enliven"/>).</summary>
    internal ulong AllocateDead(long size) => Allocate(size, live: false);

    /// <summary>Makes part of a block live. The address must be a multiple of 8.</summary>
    internal void Enliven(ulong address, long size) => _liveness?.Set((long)(address - Start), size);

    /// <summary>Makes part of a block dead again.</summary>
    internal void Deaden(ulong address, long size) => _liveness?.Clear((long)(address - Start), size);

    /// <summary>Whether an access may be made. <paramref name="offset"/> counts from <see cref="Start"/> and may be any number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool Admits(ulong offset, int size) =>
        IsMemory(offset, size) && (_liveness is null || _liveness.Covers((long)offset, size));

    /// <summary>Whether the range is mapped guest memory, live or not.</summary>
    internal bool IsMemory(ulong offset, int size)
    {
        var accessible = (ulong)Volatile.Read(ref _accessible);
        return size >= 0 && offset <= accessible && (ulong)size <= accessible - offset;
    }

    private ulong Allocate(long size, bool live)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (size > _capacity)
        {
            return 0;
        }

        var (index, blockSize) = SizeClasses.Of(size + Gap);
        lock (_lock)
        {
            ulong address;
            if (_free[index] is { Count: > 0 } list)
            {
                address = list.Pop();
                // To the end of the last 8 bytes: per-CPU values may have padding stored behind them.
                NativeMemory.Clear(Host + (address - Start), (nuint)(size + 7 & ~7));
            }
            else
            {
                // What was accessible before may have been written to; what is not accessible yet is zero.
                var written = Math.Clamp(_accessible + sizeof(ulong) - _top, 0, size);
                if (blockSize > _capacity - _top || !Grow(_top + blockSize))
                {
                    return 0;
                }

                NativeMemory.Clear(Host + _top, (nuint)written);
                address = Start + (ulong)_top;
                _top += blockSize;
            }

            _objects.Add(address, size);
            if (live)
            {
                _liveness?.Set((long)(address - Start), size);
            }

            return address;
        }
    }

    private bool Grow(long top)
    {
        var wanted = Math.Min((top + Quantum - 1) & -Quantum, _capacity);
        if (wanted <= _accessible)
        {
            return true;
        }

        if (!_memory.Commit(wanted + Overhang) || _liveness?.Commit(wanted) == false)
        {
            return false;
        }

        Volatile.Write(ref _accessible, wanted);
        return true;
    }
}
