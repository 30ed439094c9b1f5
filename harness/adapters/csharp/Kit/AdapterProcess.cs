using Conformance.Harness.Machines;
using Conformance.Harness.Wire;

namespace Conformance.AdapterKit;

/// <summary>A machine as a process of its own.</summary>
public static class AdapterProcess
{
    /// <summary>
    /// Answers the requests on standard input until they end. From here on, what is written to <see cref="Console"/> goes to standard error.
    /// </summary>
    /// <returns>An exit code.</returns>
    public static int Serve(IVirtualMachine machine)
    {
        using var requests = Console.OpenStandardInput();
        using var answers = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        using var server = new AdapterServer(machine, requests, answers);
        try
        {
            server.Run();
            return 0;
        }
        catch (InvalidDataException broken)
        {
            Console.Error.WriteLine(broken.Message);
            return 1;
        }
    }
}
