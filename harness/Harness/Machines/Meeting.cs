using System.Diagnostics;

namespace Conformance.Harness.Machines;

/// <summary>The rendezvous points of one parallel operation, each for as many tracks as name it.</summary>
public sealed class Meeting : IDisposable
{
    private readonly Dictionary<string, Barrier> _barriers;

    /// <summary>The rendezvous points that these tracks name.</summary>
    public Meeting(IReadOnlyList<Track> tracks) =>
        _barriers = tracks
            .SelectMany(track => track.Operations.OfType<Rendezvous>().Select(point => point.Name).Distinct())
            .GroupBy(name => name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new Barrier(group.Count()), StringComparer.Ordinal);

    /// <summary>Waits for the others; a broken answer where they do not come in time.</summary>
    public Answer Arrive(string name) =>
        _barriers[name].SignalAndWait(Patience.Length)
            ? Answer.Ok
            : new Answer(AnswerKind.Broken)
            {
                Message = $"not every track came to '{name}' within {Patience.Length.TotalSeconds} s",
            };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var barrier in _barriers.Values)
        {
            barrier.Dispose();
        }
    }
}

/// <summary>How long one track waits for another before the case counts as broken.</summary>
public sealed class Patience
{
    private readonly Stopwatch _since = Stopwatch.StartNew();

    /// <summary>Ten seconds: far more than any track needs on a busy machine.</summary>
    public static TimeSpan Length { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether it has run out.</summary>
    public bool IsAtEnd => _since.Elapsed > Length;
}
