using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;

namespace Conformance.Tests.Linux;

/// <summary>Device nodes are there during one event only; a killed run may leave one.</summary>
public sealed class LeftoversTests : IDisposable
{
    private const uint CharacterDevice = 0x2000;
    private const ulong Null = 1 << 8 | 3;

    // No process has this id.
    private readonly string _ofTheDead = NodeOf(int.MaxValue);
    private readonly string _ofTheLiving = NodeOf(Environment.ProcessId);
    private readonly string _report = NodeOf(int.MaxValue) + ".txt";

    [LiveKernelFact]
    public void Only_device_nodes_of_processes_that_are_gone_are_swept()
    {
        Libc.Mknod(_ofTheDead, CharacterDevice, Null).Should().Be(0);
        Libc.Mknod(_ofTheLiving, CharacterDevice, Null).Should().Be(0);
        File.WriteAllText(_report, "somebody's own");

        Leftovers.SweepNodes();

        File.Exists(_ofTheDead).Should().BeFalse();
        File.Exists(_ofTheLiving).Should().BeTrue();
        File.Exists(_report).Should().BeTrue();
    }

    public void Dispose()
    {
        File.Delete(_ofTheDead);
        File.Delete(_ofTheLiving);
        File.Delete(_report);
    }

    private static string NodeOf(int process) => Path.Combine(Path.GetTempPath(), $"{Leftovers.Prefix}{process}-test");
}
