using Conformance.Harness.Machines;
using Conformance.Linux;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Tests.Linux;

public class StorageMapGuardTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(8, false)]
    [InlineData(12, true)]
    [InlineData(13, false)]
    [InlineData(40, false)]
    public void A_per_cpu_value_that_the_kernel_would_write_behind_is_not_updated(int size, bool isRefused)
    {
        var map = new KernelMap(1, -1, MapType.PercpuCgroupStorage, 16, size);

        (StorageMapGuard.RefusesUpdate(map)?.Kind == AnswerKind.Unsupported).Should().Be(isRefused);
    }

    [Fact]
    public void A_shared_value_of_any_size_is_updated() =>
        StorageMapGuard.RefusesUpdate(new KernelMap(1, -1, MapType.CgroupStorage, 16, 4)).Should().BeNull();
}
