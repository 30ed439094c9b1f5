using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Snapshots;

/// <summary>A change of what others can call is a change of these files, and so is seen in review.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public Task The_public_api_of_the_reference_vm() => Snapshot.Verify(PublicApi.Of(typeof(Machine).Assembly));

    [Fact]
    public Task The_public_api_of_the_harness() => Snapshot.Verify(PublicApi.Of(typeof(IVirtualMachine).Assembly));
}
