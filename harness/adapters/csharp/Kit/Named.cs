using Conformance.Harness.Machines;

namespace Conformance.AdapterKit;

/// <summary>What the suite's names for objects of one kind stand for. Names that nobody has heard of make the answer <c>broken</c>.</summary>
/// <typeparam name="T">What the machine makes of them.</typeparam>
public sealed class Named<T> : INames
    where T : class
{
    private readonly string _kind;
    private readonly Dictionary<string, T> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _all = new(StringComparer.Ordinal);

    internal Named(string kind) => _kind = kind;

    /// <summary>The object of a name that is open.</summary>
    public T this[string name] => _open.TryGetValue(name, out var thing) ? thing : throw Unknown(name);

    /// <summary>Gives a new object its name; the answer to what made it.</summary>
    public Answer Made(string name, T thing)
    {
        if (!_open.TryAdd(name, thing))
            throw new UnknownNameException($"there is a {_kind} named '{name}' already");
        _all[name] = thing;
        return Answer.Ok;
    }

    /// <summary>Closes a name, unless what was to close the object failed: from then on only <see cref="Ever"/> and <see cref="NameOf"/> know it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="answer">How closing the object ended; null: well.</param>
    /// <returns>That answer.</returns>
    public Answer Closed(string name, Answer? answer = null)
    {
        if (answer is null or { Kind: AnswerKind.Ok } && !_open.Remove(name))
            throw Unknown(name);
        return answer ?? Answer.Ok;
    }

    /// <summary>The object of a name, also of one that was closed: keys may speak of a cgroup that was removed.</summary>
    public T Ever(string name) => _all.TryGetValue(name, out var thing) ? thing : throw Unknown(name);

    /// <summary>The name of an object, for queries and keys.</summary>
    public string NameOf(T thing) =>
        _all.FirstOrDefault(pair => ReferenceEquals(pair.Value, thing)).Key
        ?? throw new UnknownNameException($"the machine speaks of a {_kind} that it was not asked to make");

    void INames.Clear()
    {
        _open.Clear();
        _all.Clear();
    }

    private UnknownNameException Unknown(string name) => new($"no {_kind} is named '{name}'");
}

internal interface INames
{
    void Clear();
}

internal sealed class UnknownNameException(string message) : Exception(message);
