using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Tests.ReferenceVm;

/// <summary>Calls of bpf_loop that Linux compiles into the program.</summary>
public class MachineLoopTests
{
    [Theory]
    [InlineData("6.18.44", "r4 = 0", 0xffff_fff9)]
    [InlineData("5.17.0", "r4 = 0", 0xffff_ffff_ffff_fff9)]
    [InlineData("6.18.44", "r4 = *(u64 *)(r6 + 0)", 0xffff_ffff_ffff_fff9)]
    public void Too_many_iterations_yield_32_bits_where_callback_and_flags_are_known(
        string kernel,
        string flags,
        ulong expected
    )
    {
        using var kit = new MachineKit(Behaviour.For(kernel));
        var storage = kit.Map(MapType.CgroupStorage, 16, 16);
        var cgroup = kit.Cgroup();
        var program = kit.LoadFor(
            Conformance.ReferenceVm.Programs.AttachType.CgroupInetSockCreate,
            $"""
            r1 = map[storage] ll
            r2 = 0
            call bpf_get_local_storage#81
            r6 = r0
            r1 = 8388609
            r2 = func[body] ll
            r3 = 0
            {flags}
            call bpf_loop#181
            *(u64 *)(r6 + 8) = r0
            r0 = 1
            exit
            body:
            r0 = 0
            exit
            """,
            ("storage", storage)
        );
        kit.Attach(program, cgroup);

        kit.Fire(cgroup);

        kit.Read(storage, kit.Key(storage, cgroup), 8).Should().Be(expected);
    }
}
