using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Harness.Machines;

/// <summary>A refusal that is due to a kernel's age is no verdict on the program, the map or the call.</summary>
public class KernelAgeTests
{
    private const string Waits = """
        r1 = 10
        r2 = 0
        r3 = 0
        r4 = 0
        call bpf_loop#181
        r0 = 1
        exit
        """;

    private static readonly Answer Invalid = Answer.Fail(Errno.EINVAL);

    [Theory]
    [InlineData("5.16.20", "Linux 5.16.20 has no bpf_loop#181 (since 5.17)")]
    [InlineData("5.17", null)]
    [InlineData("6.18.44", null)]
    public void A_program_that_calls_a_younger_helper(string kernel, string? missing) =>
        Missing(kernel, Load(Waits)).Should().Be(missing);

    [Fact]
    public void A_number_that_is_no_call_of_a_helper_counts_for_nothing() =>
        Missing("4.19", Load("r1 = 0x8500000085 ll\ncall bpf_get_local_storage#81\nexit")).Should().BeNull();

    [Theory]
    [InlineData("if w1 == 0 goto +0\nexit", "Linux 4.19 has no 32-bit jumps (since 5.1)")]
    [InlineData("lock *(u64 *)(r10 - 8) |= r1\nexit", "Linux 4.19 has no atomics besides addition (since 5.12)")]
    [InlineData("lock *(u64 *)(r10 - 8) += r1\nexit", null)]
    [InlineData("r1 = (s8)r2\nexit", "Linux 4.19 has no instructions of cpu v4 (since 6.6)")]
    [InlineData("r1 = *(s8 *)(r10 - 8)\nexit", "Linux 4.19 has no instructions of cpu v4 (since 6.6)")]
    [InlineData(
        "r1 = 0\nagain:\nr1 += 1\nif r1 < 5 goto again\nexit",
        "Linux 4.19 has no loops, as that from instruction 2 (since 5.3)"
    )]
    public void A_program_of_younger_instructions(string source, string? missing) =>
        Missing("4.19", Load(source)).Should().Be(missing);

    [Theory]
    [InlineData(MapType.PercpuCgroupStorage, 16, 8, "Linux 4.19 has no map type percpu_cgroup_storage (since 4.20)")]
    [InlineData(MapType.CgroupStorage, 8, 8, "Linux 4.19 has no 8-byte keys (since 5.9)")]
    [InlineData(
        MapType.CgroupStorage,
        16,
        4097,
        "Linux 4.19 has no storage values of more than 4096 bytes (since 5.15)"
    )]
    [InlineData(MapType.CgroupStorage, 16, 4096, null)]
    [InlineData(MapType.CgroupStorage, 12, 8, null)]
    [InlineData(MapType.Hash, 8, 8, null)]
    public void A_map_of_a_younger_kind(MapType type, int keySize, int valueSize, string? missing) =>
        Missing("4.19", new MapCreate("m", type, keySize, valueSize, 0)).Should().Be(missing);

    [Theory]
    [InlineData(4u, "5.5.19", "Linux 5.5.19 has no attach flag replace (since 5.6)")]
    [InlineData(64u, "6.12.30", "Linux 6.12.30 has no attach flag preorder (since 6.15)")]
    [InlineData(64u, "6.12.31", null)]
    [InlineData(8u, "6.16", "Linux 6.16 has no choice of the place in the list (since 6.17)")]
    [InlineData(3u, "4.19", null)]
    public void An_attach_with_a_younger_flag(uint flags, string kernel, string? missing) =>
        Missing(kernel, new ProgAttach("p", "a", AttachType.CgroupSysctl, flags) with { })
            .Should()
            .Be(kernel == "4.19" ? "Linux 4.19 has no attach type cgroup_sysctl (since 5.2)" : missing);

    [Fact]
    public void Success_is_never_explained_away() =>
        new KernelAge(new(4, 19)).Explain(new LinkDetach("l"), Answer.Ok).Should().Be(Answer.Ok);

    [Fact]
    public void The_refusal_itself_is_kept_for_rules_about_older_kernels() =>
        new KernelAge(new(4, 19)).Explain(new LinkDetach("l"), Invalid).Refusal.Should().Be(Invalid);

    [Fact]
    public void A_map_that_another_program_has_is_not_shared_before_5_9()
    {
        var age = new KernelAge(new(5, 8, 18));
        age.Explain(new MapCreate("m", MapType.CgroupStorage, 16, 8, 0), Answer.Ok);
        age.Explain(new MapCreate("n", MapType.CgroupStorage, 16, 8, 0), Answer.Ok);
        var busy = new Answer(AnswerKind.Refused) { Errno = Errno.EBUSY };

        var shared = Load("r0 = 1\nexit") with { Maps = [new(0, "m"), new(2, "m")] };
        var both = Load("r0 = 1\nexit") with { Maps = [new(0, "m"), new(2, "n")] };

        age.Explain(shared, busy)
            .Message.Should()
            .Be("Linux 5.8.18 has no storage maps that serve several programs (since 5.9)");
        age.Explain(both, busy).Should().Be(busy, "two maps of one kind are refused by every kernel");
    }

    private static string? Missing(string kernel, Operation operation)
    {
        KernelVersion.TryParse(kernel, out var version).Should().BeTrue();
        var answer = new KernelAge(version).Explain(operation, Invalid);
        answer.Kind.Should().Be(answer.Message is null ? AnswerKind.Failed : AnswerKind.Unsupported);
        return answer.Message;
    }

    private static ProgLoad Load(string source)
    {
        var assembled = Assembler.Assemble(source);
        assembled.Error.Should().BeNull();
        return new ProgLoad(
            "p",
            ProgramType.CgroupSkb,
            AttachType.CgroupInetIngress,
            Bytecode.Encode(assembled.Instructions),
            []
        );
    }
}
