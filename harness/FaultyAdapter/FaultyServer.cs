using System.Text;
using Conformance.Harness.Machines;
using Conformance.Harness.Wire;
using Conformance.Mutants;

namespace Conformance.FaultyAdapter;

/// <summary>
/// Answers as it should, except where its fault is: in answering hello, at the first event of cgroup_sysctl, or at the end.
/// </summary>
internal sealed class FaultyServer(Fault fault, string[] words)
{
    private const string Trip = "\"op\":\"fire\",\"attach_type\":\"cgroup_sysctl\"";

    private readonly Stream _answers = Console.OpenStandardOutput();
    private readonly TextReader _requests = new StreamReader(Console.OpenStandardInput());

    public int Run()
    {
        fault.AtStart?.Invoke(this);
        using var machine = Machine();
        while (_requests.ReadLine() is { } line)
        {
            if (line.Contains("\"op\":\"hello\"", StringComparison.Ordinal) && fault.Hello is { } hello)
                Write(hello(this));
            else if (line.Contains(Trip, StringComparison.Ordinal) && fault.AtEvent is { } act)
                act(this, machine, line);
            else
                Answer(machine, line);
        }

        fault.AtEnd?.Invoke();
        return 0;
    }

    public string[] Words => words;

    public string? NextRequest() => _requests.ReadLine();

    public void Write(string text)
    {
        _answers.Write(Encoding.UTF8.GetBytes(text));
        _answers.Flush();
    }

    public void Answer(IVirtualMachine machine, string line)
    {
        using var request = new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"));
        using var server = new AdapterServer(machine, request, _answers);
        server.Run();
    }

    private IVirtualMachine Machine() =>
        fault.IsMutant ? Mutant.All.Single(mutant => mutant.Id == words[0]).Create() : new ReferenceVirtualMachine();
}
