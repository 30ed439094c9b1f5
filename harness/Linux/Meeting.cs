using Conformance.Harness.Machines;

namespace Conformance.Linux;

/// <summary>The rendezvous points of one parallel operation, each for as many tracks as name it.</summary>
internal sealed class Meeting(IReadOnlyList<Track> tracks)
{
    private readonly Dictionary<string, Barrier> _barriers = tracks
        .SelectMany(track => track.Operations.OfType<Rendezvous>().Select(point => point.Name).Distinct())
        .GroupBy(name => name)
        .ToDictionary(group => group.Key, group => new Barrier(group.Count()));

    /// <summary>How long anything waits for another track before the case counts as broken.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    public Answer Arrive(string name) =>
        _barriers[name].SignalAndWait(Patience)
            ? Answer.Ok
            : new Answer(AnswerKind.Broken)
            {
                Message = $"not every track came to '{name}' within {Patience.TotalSeconds} s",
            };
}
