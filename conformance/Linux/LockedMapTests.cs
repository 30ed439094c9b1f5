using Conformance.Harness.Machines;
using Conformance.Linux;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Tests.Linux;

/// <summary>Storage maps whose value holds a spin lock, created on the reference VM and on the live kernel.</summary>
public class LockedMapTests
{
    private static readonly int[] KeySizes = [0, 4, 8, 12, 16, 20];
    private static readonly int[] ValueSizes = [0, 1, 4, 7, 8, 20, 24, 4096, 32768, 65408, 1 << 24];
    private static readonly int[] LockOffsets = [0, 2, 4, 16, 20];

    [LiveKernelFact]
    public void Every_mixture_of_sizes_and_lock_offset_is_created_or_refused_alike()
    {
        LinuxVirtualMachine.TryOpen(out var kernel).Should().BeNull();
        using var live = kernel!;
        using var reference = new ReferenceVirtualMachine(Behaviour.For(live.Identity.Kernel!));

        var definitions =
            from type in new[] { MapType.CgroupStorage, MapType.PercpuCgroupStorage }
            from keySize in KeySizes
            from valueSize in ValueSizes
            from offset in LockOffsets
            select new MapCreate("storage", type, keySize, valueSize, 0) { SpinLockOffset = offset };
        var answers = definitions
            .Select(create => (Create: create, Reference: Try(reference, create), Kernel: Try(live, create)))
            .ToList();

        answers
            .Where(answer => answer.Reference != answer.Kernel)
            .Select(answer =>
                $"{answer.Create.Type} key {answer.Create.KeySize} value {answer.Create.ValueSize} lock {answer.Create.SpinLockOffset}: reference {answer.Reference}, kernel {answer.Kernel}"
            )
            .Should()
            .BeEmpty();
        answers.Should().Contain(answer => answer.Kernel == Errno.None, "a lock that fits is taken");
    }

    private static Errno? Try(IVirtualMachine machine, MapCreate create)
    {
        var answer = machine.Perform(create);
        machine.Reset();
        return answer.Errno;
    }
}
