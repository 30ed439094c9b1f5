using Conformance.Harness.Model;

namespace Conformance.Harness.Generation;

/// <summary>Random choices, all from one seed.</summary>
internal sealed class Draw(int seed)
{
    // The algorithm behind a seeded Random is fixed: a seed means the same sequence on every machine.
    private readonly Random _random = new(seed);

    public int Between(int least, int most) => (int)_random.NextInt64(least, (long)most + 1);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public ulong Bits() => unchecked((ulong)_random.NextInt64(long.MinValue, long.MaxValue));

    public T Of<T>(params IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>One of them, or null if there are none.</summary>
    public T? OneOf<T>(IEnumerable<T> choices)
        where T : class
    {
        var list = choices.ToList();
        return list.Count == 0 ? null : Of(list);
    }

    public T Weighted<T>(params ReadOnlySpan<(int Weight, T Value)> choices)
    {
        var total = 0;
        foreach (var (weight, _) in choices)
        {
            total += weight;
        }

        var at = _random.Next(total);
        foreach (var (weight, value) in choices)
        {
            if ((at -= weight) < 0)
            {
                return value;
            }
        }

        throw new InvalidOperationException("Weights must be positive.");
    }

    /// <summary>A live cgroup; now and then a removed one.</summary>
    public ModelCgroup? Cgroup(ModelState state) =>
        OneOf(state.CgroupNames.Values.Order().Select(id => state.Cgroups[id]).Where(c => c.Alive || Chance(6)));

    public ModelMap? Map(ModelState state) =>
        OneOf(
            state
                .Maps.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => entry.Value)
                .Where(m => m.Open)
        );

    public ModelProgram? Program(ModelState state, Func<ProgramSketch, bool>? where = null) =>
        OneOf(
            state
                .Programs.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => entry.Value)
                .Where(program => program.Open && (where is null || where(program.Sketch)))
        );

    public ModelLink? Link(ModelState state) =>
        OneOf(state.Links.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value));
}
