using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Verification;

namespace Conformance.Tests.ReferenceVm.Verification;

public class ReferenceTests
{
    private const uint Sleepable = 16;
    private const string OnlyOne = "only one cgroup storage of each type is allowed";

    private static VerifierWorld World => VerifierWorld.WithStorage();

    [Theory]
    [InlineData("r1 = map[storage] ll\nr1 = map[other] ll\nr0 = 1\nexit")]
    [InlineData("r1 = map[storage] ll\nr0 = 1\nif r0 == 1 goto +2\nr1 = map[other] ll\nexit")]
    [InlineData("r1 = map[storage] ll\nr2 = 1\ncall 81\nr1 = map[other] ll\nr0 = 7\nexit")]
    [InlineData("r1 = map[storage] ll\nr0 = 1\nexit\nr1 = map[other] ll\nexit")]
    public void A_second_map_of_a_kind_is_refused_wherever_it_stands(string source) =>
        World.Refuses(source, Errno.EBUSY, OnlyOne);

    [Fact]
    public void Any_program_type_may_refer_to_one_only() =>
        VerifierWorld
            .Of(ProgramType.SocketFilter, default)
            .Refuses("r1 = map[storage] ll\nr1 = map[other] ll\nr0 = 1\nexit", Errno.EBUSY, OnlyOne);

    [Fact]
    public void One_of_each_kind_and_the_same_one_twice_are_fine() =>
        World
            .Accepts("r1 = map[storage] ll\nr1 = map[percpu] ll\nr1 = map[storage] ll\nr0 = 1\nexit")
            .Program.Maps.Select(map => map.Definition.Name)
            .Should()
            .Equal("storage", "percpu");

    [Fact]
    public void Maps_of_the_array_count_though_nothing_names_them()
    {
        var world = new VerifierWorld { MapArray = ["storage"] }.WithStorages(64);
        world.Accepts("r0 = 1\nexit").Program.Maps.Should().ContainSingle();
        world.Refuses("r1 = map[other] ll\nr0 = 1\nexit", Errno.EBUSY, OnlyOne);
    }

    [Theory]
    [InlineData("storage", 19)]
    [InlineData("percpu", 21)]
    public void Other_helpers_refuse_storage_maps(string map, int type)
    {
        var key = "*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\nr2 = r10\nr2 += -16\n";
        World.Refuses(
            $"{key}r1 = map[{map}] ll\ncall 1\nr0 = 1\nexit",
            Errno.EINVAL,
            $"cannot pass map_type {type} into func bpf_map_lookup_elem#1"
        );
        World.Refuses(
            $"r2 = r10\nr2 += -16\nr1 = map[{map}] ll\ncall 3\nr0 = 1\nexit",
            Errno.EINVAL,
            $"cannot pass map_type {type} into func bpf_map_delete_elem#3"
        );
        World.Refuses(
            $"r2 = map[{map}] ll\nr3 = 0\ncall 12\nr0 = 1\nexit",
            Errno.EINVAL,
            "expected prog array map for tail call"
        );
    }

    [Fact]
    public void Storage_has_no_direct_values()
    {
        World.Refuses(
            ".raw 18 21 00 00 01 00 00 00\n.raw 00 00 00 00 00 00 00 00\nr0 = 1\nexit",
            Errno.EINVAL,
            "no direct value access support for this map type"
        );
        World.Accepts(
            ".raw 18 21 00 00 06 00 00 00\n.raw 00 00 00 00 08 00 00 00\nr1 = *(u64 *)(r1 + 0)\nr0 = 1\nexit"
        );
        World.Refuses(
            ".raw 18 21 00 00 06 00 00 00\n.raw 00 00 00 00 10 00 00 00\nr0 = 1\nexit",
            Errno.EINVAL,
            "invalid access to map value pointer, value_size=16 off=16"
        );
    }

    [Fact]
    public void A_number_that_is_no_map_is_refused() =>
        World.Refuses(
            ".raw 18 11 00 00 63 00 00 00\n.raw 00 00 00 00 00 00 00 00\nr0 = 1\nexit",
            Errno.EBADF,
            "fd 99 is not pointing to valid bpf_map"
        );

    [Fact]
    public void Sleepable_programs_are_refused_for_the_map_first()
    {
        var world = new VerifierWorld { Flags = Sleepable }.WithStorages(64);
        world.Refuses(
            "r1 = map[storage] ll\nr0 = 1\nexit",
            Errno.EINVAL,
            "Sleepable programs can only use array, hash, ringbuf and local storage maps"
        );
        world.Refuses(
            "r0 = 1\nexit",
            Errno.EINVAL,
            "Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable"
        );
    }

    [Fact]
    public void References_become_tokens()
    {
        var program = World.Accepts("r1 = map[percpu] ll\nr0 = 1\nexit").Program;
        var token = (ulong)(uint)program.Instructions[1].Imm << 32 | (uint)program.Instructions[0].Imm;
        token.Should().Be(MapTokens.Of(program.Maps[0].Id));
        program.Instructions[0].Src.Should().Be(0);
    }

    [Theory]
    [InlineData("call 5\nr0 &= 1\nr0 |= 2\nexit", true)]
    [InlineData("r0 = 1\nexit", false)]
    public void Returning_congestion_ties_an_egress_program(string source, bool tied) =>
        VerifierWorld
            .Of(ProgramType.CgroupSkb, AttachType.CgroupInetEgress)
            .Accepts(source)
            .Program.TiedToExpected.Should()
            .Be(tied);

    [Fact]
    public void A_tail_call_is_noted() =>
        World.Accepts("r2 = map[programs] ll\nr3 = 0\ncall 12\nr0 = 1\nexit").Program.TailCalls.Should().BeTrue();

    [Fact]
    public void The_offset_of_an_immediate_is_looked_at_where_a_path_leads()
    {
        var dead = World.Request("r0 = 1\nif r0 == 1 goto out\nr2 = 5 ll\nout:\nexit");
        dead.Instructions[2] = dead.Instructions[2] with { Offset = 1 };
        Verifier.Verify(dead).Should().BeOfType<Accepted>();
        var alive = World.Request("r2 = 5 ll\nr0 = 1\nexit");
        alive.Instructions[0] = alive.Instructions[0] with { Offset = 1 };
        Verifier
            .Verify(alive)
            .Should()
            .BeOfType<Refused>()
            .Which.Message.Should()
            .Be("BPF_LD_IMM64 uses reserved fields");
    }
}
