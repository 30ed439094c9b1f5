using System.CommandLine;
using Conformance.Harness.Machines;
using Conformance.Harness.Wire;

namespace Conformance.Cli.Selecting;

/// <summary>Options that name a machine: one that comes with the suite, or a command that speaks the adapter protocol; and how long the latter may take.</summary>
/// <param name="machines">The machines that come with the suite, by name.</param>
internal sealed class VmOption(IReadOnlyDictionary<string, Func<IVirtualMachine>> machines)
{
    private readonly Option<TimeSpan?> _start = Limit("--start-timeout", "from its start to its first answer", "60s");
    private readonly Option<TimeSpan?> _request = Limit("--request-timeout", "for one request", "20s");
    private readonly Option<TimeSpan?> _case = Limit("--case-timeout", "for all requests of a case", "60s");

    public IEnumerable<Option> Limits => [_start, _request, _case];

    private string Names => string.Join(", ", machines.Keys);

    public Option<string> Create(string name, string what, string usual) =>
        new(name)
        {
            Description =
                $"{what}: {Names}, or a command in quotes that speaks the adapter protocol (harness/PROTOCOL.md).",
            DefaultValueFactory = _ => usual,
            HelpName = "NAME|COMMAND",
        };

    /// <summary>How machines of this name are made; null with the reason where there are none.</summary>
    public Func<IVirtualMachine>? Find(
        string name,
        ParseResult parsed,
        CancellationToken cancellation,
        out string? problem
    )
    {
        problem = null;
        if (machines.TryGetValue(name, out var create))
            return create;
        if (CommandWords.Split(name, out problem) is not { } words)
            return null;
        if (words is not [var first, ..] || !Exists(first))
        {
            problem = $"there is no machine {name}; there are {Names}, and there is no such command";
            return null;
        }

        var usual = new AdapterLimits();
        var limits = usual with
        {
            Start = parsed.GetValue(_start) ?? usual.Start,
            Request = parsed.GetValue(_request) ?? usual.Request,
            Case = parsed.GetValue(_case) ?? usual.Case,
        };
        return new Adapter(words, limits, cancellation).Open;
    }

    private static bool Exists(string command) =>
        command.Contains('/')
            ? File.Exists(command)
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, command)));

    private static Option<TimeSpan?> Limit(string name, string what, string usual) =>
        new(name)
        {
            Description = $"How long a machine behind a command may take {what}; {usual} by default.",
            CustomParser = Duration.Parse,
            HelpName = "TIME",
        };
}
