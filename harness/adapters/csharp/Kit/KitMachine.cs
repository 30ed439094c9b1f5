using Conformance.Harness.Machines;
using Conformance.Harness.Wire;
using Conformance.ReferenceVm;

namespace Conformance.AdapterKit;

/// <summary>
/// A machine under test made of functions, one for each operation that it offers. It keeps names, and answers <c>unsupported</c>, with the reason, to what
/// there is no function for; of what a map, an attachment or a helper does it knows nothing.
/// </summary>
/// <param name="identity">Who it is.</param>
/// <param name="reset">Forgets every object; names are forgotten with it.</param>
public sealed class KitMachine(MachineIdentity identity, Action reset) : IVirtualMachine
{
    private readonly Dictionary<Type, Handler> _handlers = [];
    private readonly List<INames> _names = [];

    /// <inheritdoc/>
    public MachineIdentity Identity => identity;

    /// <summary>The answer to an event that ended as if no program were there.</summary>
    public static Answer Completed { get; } = Answer.Ok with { Outcome = EventOutcome.Completed };

    /// <summary>The answer to an event whose packet never arrived, while the sender saw success.</summary>
    public static Answer Dropped { get; } = Answer.Ok with { Outcome = EventOutcome.Dropped };

    /// <summary>The answer to an event whose system call failed.</summary>
    public static Answer Denied(Errno errno) => Answer.Ok with { Outcome = EventOutcome.Denied, Errno = errno };

    /// <summary>Success, or a failed call.</summary>
    /// <param name="errno">Its number in Linux; 0 where it succeeded.</param>
    public static Answer Ended(int errno) => errno == 0 ? Answer.Ok : Answer.Fail((Errno)errno);

    /// <summary>A program was refused at load.</summary>
    /// <param name="errno">With which error.</param>
    /// <param name="log">The verifier's log.</param>
    public static Answer Refused(Errno errno, string log) => new(AnswerKind.Refused) { Errno = errno, Message = log };

    /// <summary>A run was stopped for something the machine forbids at run time.</summary>
    public static Answer Trapped(string why) => new(AnswerKind.Trapped) { Message = why };

    /// <summary>A legal program used up the machine's budget.</summary>
    public static Answer Exhausted(string why) => new(AnswerKind.Exhausted) { Message = why };

    /// <summary>The machine does not offer this: not applicable in the report, with this reason.</summary>
    public static Answer Unsupported(string why) => new(AnswerKind.Unsupported) { Message = why };

    /// <summary>Offers an operation.</summary>
    /// <param name="perform">
    /// Performs it. <see cref="Fire"/> is performed once for each of its times, unless <paramref name="takes"/> has <see cref="Fire.Times"/>.
    /// </param>
    /// <param name="takes">
    /// Those of its optional members that <paramref name="perform"/> honours. Another one is answered <c>unsupported</c>, unless it says what it says by default.
    /// </param>
    /// <typeparam name="T">The operation.</typeparam>
    public KitMachine On<T>(Func<T, Answer> perform, params string[] takes)
        where T : Operation
    {
        var optional = OptionalMember.Of(typeof(T));
        if (Array.Find(takes, name => !optional.Any(member => member.Name == name)) is { } wrong)
            throw new ArgumentException($"{typeof(T).Name} has no optional member {wrong}", nameof(takes));
        _handlers.Add(
            typeof(T),
            new Handler(
                operation => perform((T)operation),
                [.. optional.Where(member => !takes.Contains(member.Name))],
                takes
            )
        );
        return this;
    }

    /// <summary>A table of names that is emptied with every reset.</summary>
    /// <param name="kind">What they name, for messages: <c>cgroup</c>.</param>
    public Named<T> Names<T>(string kind)
        where T : class
    {
        var names = new Named<T>(kind);
        _names.Add(names);
        return names;
    }

    /// <inheritdoc/>
    public Answer Perform(Operation operation)
    {
        if (!_handlers.TryGetValue(operation.GetType(), out var handler))
            return Unsupported($"{identity.Name} does not offer {OperationNames.Of(operation)}");
        var times = 1;
        if (operation is Fire fire && !handler.Takes.Contains(nameof(Fire.Times)))
        {
            times = fire.Times;
            operation = fire with { Times = 1 };
        }

        if (handler.Beyond.FirstOrDefault(member => member.IsSaidBy(operation)) is { } beyond)
            return Unsupported(
                $"{identity.Name} does not offer \"{beyond.WireName}\" of {OperationNames.Of(operation)}"
            );
        try
        {
            var answer = Answer.Ok;
            while (times-- > 0 && answer.Kind == AnswerKind.Ok)
                answer = handler.Perform(operation);
            return answer;
        }
        catch (UnknownNameException unknown)
        {
            return new Answer(AnswerKind.Broken) { Message = unknown.Message };
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _names.ForEach(names => names.Clear());
        reset();
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private sealed record Handler(
        Func<Operation, Answer> Perform,
        IReadOnlyList<OptionalMember> Beyond,
        IReadOnlyList<string> Takes
    );
}
