using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Conformance.Harness.Machines;
using Microsoft.Win32.SafeHandles;

namespace Conformance.FaultyAdapter;

/// <summary>One way in which an adapter goes wrong.</summary>
internal sealed record Fault
{
    private const int Mebibyte = 1 << 20;

    public static IReadOnlyDictionary<string, Fault> All { get; } =
        new Dictionary<string, Fault>(StringComparer.Ordinal)
        {
            ["none"] = new(),
            ["mutant"] = new() { IsMutant = true },
            ["crash"] = At(
                (_, _, _) =>
                {
                    Say("about to crash");
                    Process.GetCurrentProcess().Kill();
                    Sleep();
                }
            ),
            ["exit"] = At(
                (_, _, _) =>
                {
                    Say("going away");
                    Environment.Exit(3);
                }
            ),
            ["hang"] = At((_, _, _) => Sleep("thinking")),
            ["hang-with-child"] = At(
                (server, _, _) =>
                {
                    // Its words are what the test looks for.
                    Process.Start("sh", ["-c", "sleep 1000; true", .. server.Words]);
                    Sleep();
                }
            ),
            ["exit-leaving-a-child"] = At(
                (server, _, _) =>
                {
                    // It keeps the pipes open.
                    Process.Start("sh", ["-c", "sleep 1000; true", .. server.Words]);
                    Environment.Exit(0);
                }
            ),
            ["close-output"] = At(
                (_, _, _) =>
                {
                    Close(1);
                    Sleep("output closed");
                }
            ),
            ["close-input"] = At(
                (_, _, _) =>
                {
                    Close(0);
                    Sleep("input closed");
                }
            ),
            ["garbage"] = At((server, _, _) => server.Write("Segmentation fault (not really)\n")),
            ["binary"] = At((server, _, _) => server.Write("\0\u001b[2J\u0007\n")),
            ["half-a-line"] = At(
                (server, _, _) =>
                {
                    server.Write("{\"seq\":");
                    Sleep();
                }
            ),
            ["half-a-line-and-exit"] = At(
                (server, _, _) =>
                {
                    server.Write("{\"seq\":");
                    Environment.Exit(0);
                }
            ),
            ["long-line"] = At(
                (server, _, _) =>
                {
                    var piece = new string('a', Mebibyte);
                    for (var count = 0; count < 100; count++)
                        server.Write(piece);
                    server.Write("\n");
                }
            ),
            ["babble"] = At(
                (server, _, _) =>
                {
                    while (true)
                        server.Write("bla bla\n");
                }
            ),
            ["wrong-seq"] = At((server, _, _) => server.Write("{\"seq\":987654321,\"kind\":\"ok\"}\n")),
            ["out-of-order"] = At(
                (server, machine, line) =>
                {
                    if (server.NextRequest() is { } next)
                        server.Answer(machine, next);
                    server.Answer(machine, line);
                }
            ),
            ["endless-stderr"] = new() { AtStart = _ => Flood() },
            ["endless-stderr-and-hang"] = new() { AtStart = _ => Flood(), AtEvent = (_, _, _) => Sleep() },
            ["silent"] = Greets(_ =>
            {
                Sleep("not in the mood");
                return "";
            }),
            ["hello"] = Greets(server => string.Join(' ', server.Words[1..]) + "\n"),
            ["another-each-time"] = Greets(server =>
                Greeting(2, Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ) with
            {
                AtEvent = (_, _, _) => Environment.Exit(1),
            },
            ["starts-once"] = new()
            {
                AtStart = server =>
                {
                    if (File.Exists(server.Words[1]))
                    {
                        Say("the licence is used up");
                        Environment.Exit(4);
                    }

                    File.WriteAllText(server.Words[1], "");
                },
                AtEvent = (_, _, _) => Environment.Exit(1),
            },
            ["too-many-cpus"] = Greets(_ => Greeting(cpus: 6, "1")),
            ["stays"] = new() { AtEnd = () => Sleep() },
            ["stays-after-sigterm"] = new()
            {
                AtStart = _ => PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true),
                AtEnd = () => Sleep(),
            },
        };

    public bool IsMutant { get; private init; }

    public Action<FaultyServer>? AtStart { get; private init; }

    /// <summary>The answer to hello, in place of the right one.</summary>
    public Func<FaultyServer, string>? Hello { get; private init; }

    /// <summary>What happens in place of the answer to the event.</summary>
    public Action<FaultyServer, IVirtualMachine, string>? AtEvent { get; private init; }

    public Action? AtEnd { get; private init; }

    private static Fault At(Action<FaultyServer, IVirtualMachine, string> act) => new() { AtEvent = act };

    private static Fault Greets(Func<FaultyServer, string> hello) => new() { Hello = hello };

    private static string Greeting(int cpus, string version) =>
        $$"""{"seq":0,"kind":"ok","protocol":1,"name":"faulty","version":"{{version}}","cpus":{{cpus}},"kernel":"6.18.44"}"""
        + "\n";

    private static void Say(string line) => Console.Error.WriteLine(line);

    private static void Sleep(string? line = null)
    {
        if (line is not null)
            Say(line);
        Thread.Sleep(Timeout.Infinite);
    }

    private static void Flood()
    {
        var line = new string('e', 1000);
        new Thread(() =>
        {
            while (true)
                Say(line);
        })
        {
            IsBackground = true,
        }.Start();
    }

    // The console has duplicates of its own.
    private static void Close(int file)
    {
        var pipe = new FileInfo($"/proc/self/fd/{file}").LinkTarget;
        foreach (var link in Directory.GetFiles("/proc/self/fd").Where(link => new FileInfo(link).LinkTarget == pipe))
            new SafeFileHandle(
                int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture),
                ownsHandle: true
            ).Dispose();
    }
}
