using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Programs;
using static Conformance.Harness.Generation.Programs.ProgramWorld;

namespace Conformance.Harness.Fuzzing;

/// <summary>One run of a random program as operations: everything in it follows from the program's seed.</summary>
internal sealed class ProgramSteps
{
    /// <summary>
    /// How many of the variations from 1 on fill maps and packet with one byte throughout: nothing, the least, all ones. What is random hardly ever shows
    /// these.
    /// </summary>
    public const int ExtremeVariations = 3;

    private const int HashElements = 2;
    private const int LongestPayload = 64;

    private readonly RandomProgram _program;
    private readonly Random _random;
    private readonly int _cpus;
    private readonly byte? _fill;

    /// <param name="program">The program, loaded.</param>
    /// <param name="cpus">CPUs of the machine: as many areas has a per-CPU value.</param>
    /// <param name="variation">What the maps and the packet hold follows from this number too.</param>
    public ProgramSteps(RandomProgram program, int cpus, int variation = 0)
    {
        (_program, _cpus) = (program, cpus);
        _random = new Random(unchecked(~program.Seed + variation * 0x3c6e_f372));
        _fill = variation switch
        {
            1 => byte.MinValue,
            2 => 1,
            ExtremeVariations => byte.MaxValue,
            _ => null,
        };
    }

    /// <summary>Takes the program away again. The storages stay, and are written anew before the next run.</summary>
    public ProgDetach Detach => new(ProgramBench.Program, ProgramBench.Cgroup, _program.AttachType);

    /// <summary>Values to look at after the run, besides the hash map's.</summary>
    public IEnumerable<(string Map, MapKey Key, string Name)> Values =>
        [
            .. Storages.Select(map => (map, Key, map)),
            .. Enumerable.Range(0, Elements).Select(i => (ProgramWorld.Array, Index(i), $"array[{i}]")),
            (Results, Index(0), Results),
        ];

    private MapKey Key => new StorageKey(ProgramBench.Cgroup, _program.AttachType);

    // A map that the program does not refer to has no storage for it.
    private IEnumerable<string> Storages =>
        new[] { Shared, PerCpu }.Where(map => _program.Maps.Any(reference => reference.Map == map));

    /// <summary>Attaches the program, fills the maps, and lets the event happen once.</summary>
    public IEnumerable<Operation> Run() => Prepare().Append(Fire(_random.Next(Math.Min(_cpus, 2))));

    /// <summary>The same with several events on each of two CPUs.</summary>
    public IEnumerable<Operation> RunConcurrently()
    {
        var tracks = Enumerable
            .Range(0, Math.Min(_cpus, 2))
            .Select(cpu => new Track($"cpu {cpu}", [Fire(cpu), Fire(cpu), Fire(cpu)]));
        return Prepare().Append(new Machines.Parallel([.. tracks]));
    }

    private IEnumerable<Operation> Prepare()
    {
        yield return new ProgAttach(ProgramBench.Program, ProgramBench.Cgroup, _program.AttachType);
        foreach (var map in Storages)
        {
            yield return new MapUpdateElem(map, Key, Bytes(map == Shared ? StorageSize : StorageSize * _cpus));
        }

        for (var i = 0; i < Elements; i++)
        {
            yield return new MapUpdateElem(ProgramWorld.Array, Index(i), Bytes(ElementSize));
        }

        for (var i = 0; i < HashElements; i++)
        {
            yield return new MapUpdateElem(Hash, Index(_random.Next(6)), Bytes(ElementSize));
        }

        yield return new MapUpdateElem(Results, Index(0), new byte[ResultNumbers * sizeof(ulong)]);
    }

    private Fire Fire(int cpu) =>
        new(_program.AttachType, ProgramBench.Cgroup, cpu)
        {
            Event = _program.Type == ProgramType.CgroupSkb ? new EventParameters { Payload = Payload() } : null,
        };

    private static RawKey Index(int index) => new(BitConverter.GetBytes(index));

    private byte[] Payload()
    {
        var payload = new byte[_random.Next(1, LongestPayload)];
        _random.NextBytes(payload);
        if (_fill is { } fill)
        {
            payload.AsSpan().Fill(fill);
        }

        return payload;
    }

    // Small numbers get further into programs than large ones.
    private byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        _random.NextBytes(bytes);
        for (var i = 0; i < size; i++)
        {
            if (_random.Next(3) != 0)
            {
                bytes[i] = (byte)_random.Next(3);
            }
        }

        if (_fill is { } fill)
        {
            bytes.AsSpan().Fill(fill);
        }

        return bytes;
    }
}
