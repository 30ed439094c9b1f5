using System.Runtime.InteropServices;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.Harness.Wire;

namespace Conformance.Tests.Harness.Wire;

/// <summary>Adapters started as processes of their own, each marked so that what is left of it can be found, and cases for them.</summary>
internal sealed class AdapterBench : IDisposable
{
    /// <summary>The case at whose first event the faulty adapter shows its fault.</summary>
    public const string Tripping = "pointer.stable-across-runs@cgroup_sysctl.shared.key16";

    /// <summary>One case before that, and two after it.</summary>
    public static readonly IReadOnlyList<string> Cases =
    [
        "pointer.stable-across-runs@cgroup_device.shared.key16",
        Tripping,
        "pointer.stable-across-runs@cgroup_sock_ops.shared.key16",
        "pointer.stable-across-runs@cgroup_setsockopt.shared.key16",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _marks = [];

    public static Lazy<VectorSet> Set { get; } = new(() => VectorSet.Load(VectorLocation.Find()!).Set!);

    public static string Dotnet { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    public static string Library(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    /// <summary>A word that only this adapter's processes have on their command lines.</summary>
    public string Mark()
    {
        var mark = $"mark-{Guid.NewGuid():n}";
        _marks.Add(mark);
        return mark;
    }

    /// <summary>The faulty adapter; the mark is the first of the fault's words unless they are given.</summary>
    public IReadOnlyList<string> Faulty(string fault, params string[] words) =>
        [Dotnet, Library("faulty-adapter"), fault, .. words.Length == 0 ? [Mark()] : words];

    /// <summary>Limits that a hanging adapter reaches soon, and that a working one does not on a busy machine.</summary>
    public static AdapterLimits ShortLimits { get; } =
        new()
        {
            Start = TimeSpan.FromSeconds(30),
            Request = TimeSpan.FromSeconds(3),
            End = TimeSpan.FromMilliseconds(300),
            Termination = TimeSpan.FromMilliseconds(300),
        };

    public static async Task<IReadOnlyList<CaseResult>> Run(
        Func<IVirtualMachine> create,
        IEnumerable<string> ids,
        int machines = 1
    )
    {
        var cases = ids.Select(id => Set.Value.Cases.Single(@case => @case.Id == id)).ToList();
        var results = new List<CaseResult>();
        await foreach (var result in new Runner(Set.Value.Rules).RunAll(create, cases, machines))
            results.Add(result);
        return results;
    }

    /// <summary>Waits until no process has the mark on its command line.</summary>
    public static void NothingIsLeftOf(string mark) =>
        SpinWait
            .SpinUntil(() => Processes(mark).Count == 0, Patience)
            .Should()
            .BeTrue("no process of the adapter may be left: {0}", string.Join(", ", Processes(mark)));

    public static IReadOnlyList<int> Processes(string mark) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, out _))
                .Where(name => CommandLine(name!).Contains(mark, StringComparison.Ordinal))
                .Select(name => int.Parse(name!)),
        ];

    public void Dispose() => _marks.ForEach(NothingIsLeftOf);

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
