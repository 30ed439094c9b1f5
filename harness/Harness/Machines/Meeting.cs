using System.Diagnostics;

namespace Conformance.Harness.Machines;

/// <summary>The rendezvous points of one parallel operation, each for as many tracks as name it.</summary>
internal sealed class Meeting : IDisposable
{
    private readonly Dictionary<string, Barrier> _barriers;

    public Meeting(IReadOnlyList<Track> tracks) =>
        _barriers = tracks
            .SelectMany(track => track.Operations.OfType<Rendezvous>().Select(point => point.Name).Distinct())
            .GroupBy(name => name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new Barrier(group.Count()), StringComparer.Ordinal);

    public Answer Arrive(string name) =>
        _barriers[name].SignalAndWait(Patience.Length)
            ? Answer.Ok
            : new Answer(AnswerKind.Broken)
            {
                Message = $"not every track came to '{name}' within {Patience.Length.TotalSeconds} s",
            };

    public void Dispose()
    {
        foreach (var barrier in _barriers.Values)
        {
            barrier.Dispose();
        }
    }
}

/// <summary>How long one track waits for another before the case counts as broken.</summary>
internal sealed class Patience
{
    private readonly Stopwatch _since = Stopwatch.StartNew();

    public static TimeSpan Length { get; } = TimeSpan.FromSeconds(10);

    public bool IsAtEnd => _since.Elapsed > Length;
}
