using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>
/// A command that speaks the protocol: any number of processes of it may run at the same time, each a machine. All of them must say the same of
/// themselves.
/// </summary>
/// <param name="words">The command and its arguments; the command is looked for along PATH.</param>
/// <param name="limits">How long it may take; null for the defaults.</param>
/// <param name="cancellation">After it, nobody waits any longer for an adapter that does not answer.</param>
public sealed class Adapter(
    IReadOnlyList<string> words,
    AdapterLimits? limits = null,
    CancellationToken cancellation = default
)
{
    // An adapter that cannot be started any more must not cost its limit for each of thousands of cases.
    private const int MostFailedStarts = 3;

    private readonly Lock _gate = new();
    private AdapterGreeting? _first;
    private int _failedStarts;
    private string _lastFailure = "";

    internal AdapterLimits Limits { get; } = limits ?? new AdapterLimits();

    /// <summary>A machine; its process starts when it is first asked for something.</summary>
    public IVirtualMachine Open() => new AdapterMachine(this);

    /// <summary>Kills every adapter that is left, of all commands, with all that they started: for a process that ends on the spot.</summary>
    public static void KillAll() => ChildProcess.KillAll();

    /// <summary>Starts a process and greets it.</summary>
    /// <exception cref="AdapterException">It cannot be started, or is not what it was.</exception>
    internal (AdapterConnection Connection, AdapterGreeting Greeting) Connect(ref long seq)
    {
        lock (_gate)
        {
            if (_failedStarts >= MostFailedStarts)
                throw new AdapterException(
                    $"the adapter was given up after {MostFailedStarts} starts in a row that failed, the last one like this: {_lastFailure}"
                );
        }

        AdapterConnection? connection = null;
        try
        {
            connection = new AdapterConnection(words, Limits, cancellation);
            var greeting = AdapterGreeting.Exchange(connection, Limits.Start, seq++);
            lock (_gate)
            {
                _first ??= greeting;
                if (!_first.IsSameAs(greeting))
                    throw new AdapterException($"says now that it is {greeting}, and was {_first}");
                _failedStarts = 0;
            }

            return (connection, greeting);
        }
        catch (AdapterException failure)
        {
            connection?.End(atOnce: true);
            var said = connection?.StandardError.Lines.LastOrDefault();
            connection?.Dispose();
            var message = connection is null
                ? failure.Message
                : $"the adapter {failure.Message}, at the handshake"
                    + (said is null ? "" : $"; its last words: {said}");
            lock (_gate)
            {
                _failedStarts++;
                _lastFailure = message;
            }

            throw new AdapterException(message);
        }
    }
}
