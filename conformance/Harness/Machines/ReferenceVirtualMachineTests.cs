using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using ParallelOperation = Conformance.Harness.Machines.Parallel;

namespace Conformance.Tests.Harness.Machines;

public sealed class ReferenceVirtualMachineTests : IDisposable
{
    private const AttachType Create = AttachType.CgroupInetSockCreate;
    private const uint AllowMulti = 2;

    private readonly ReferenceVirtualMachine _vm = new();

    public void Dispose() => _vm.Dispose();

    [Fact]
    public void It_says_who_it_is()
    {
        _vm.Identity.Name.Should().Be("reference");
        _vm.Identity.ClaimsLinux.Should().BeTrue();
        _vm.Identity.Kernel.Should().Be(Behaviour.Latest.Kernel);
        _vm.Identity.Cpus.Should().BeGreaterThan(1);
    }

    [Fact]
    public void A_counter_counts()
    {
        Prepare();

        Perform(new Fire(Create, "a", Times: 3)).Outcome.Should().Be(EventOutcome.Completed);

        Counter("a").Should().Be(3);
    }

    [Theory]
    [MemberData(nameof(UnknownNames))]
    public void A_name_that_was_never_given_breaks_the_case_and_is_said(Operation operation)
    {
        Prepare();

        var answer = _vm.Perform(operation);

        answer.Kind.Should().Be(AnswerKind.Broken);
        answer.Message.Should().Contain("'nobody'");
    }

    public static TheoryData<Operation> UnknownNames() =>
        [
            new CgroupCreate("b", "nobody"),
            new CgroupRemove("nobody"),
            new MapClose("nobody"),
            new MapLookupElem("nobody", new RawKey([])),
            new MapLookupElem("storage", new StorageKey("nobody", Create)),
            new MapUpdateElem("nobody", new RawKey([]), []),
            new MapDeleteElem("nobody", new RawKey([])),
            new MapLookupAndDeleteElem("nobody", new RawKey([])),
            new MapGetNextKey("nobody"),
            new MapFreeze("nobody"),
            new ProgArrayUpdate("nobody", 0, "count"),
            new ProgLoad("p", ProgramType.CgroupSock, Create, new byte[16], [new MapReference(0, "nobody")]),
            new ProgClose("nobody"),
            new ProgAttach("nobody", "a", Create),
            new ProgAttach("count", "nobody", Create),
            new ProgAttach("count", "a", Create, 8) { Relative = "nobody" },
            new ProgDetach("nobody", "a", Create),
            new LinkCreate("l", "nobody", "a", Create),
            new LinkUpdate("nobody", "count"),
            new LinkDetach("nobody"),
            new LinkClose("nobody"),
            new ProgQuery("nobody", Create),
            new ProgTestRun("nobody", new byte[14]),
            new Fire(Create, "nobody"),
            new Await("nobody", new RawKey([]), 0, 1),
        ];

    [Fact]
    public void A_closed_name_is_unknown_and_may_be_given_again()
    {
        Prepare();
        Perform(new MapClose("storage"));

        _vm.Perform(new MapFreeze("storage")).Kind.Should().Be(AnswerKind.Broken);

        Perform(new MapCreate("storage", MapType.Array, 4, 8, 1));
        Perform(new MapLookupElem("storage", new RawKey([0, 0, 0, 0])));
    }

    [Fact]
    public void After_a_reset_no_name_is_left_and_the_same_names_can_be_given()
    {
        for (var round = 0; round < 3; round++)
        {
            Prepare();
            Perform(new Fire(Create, "a"));
            Counter("a").Should().Be(1);

            _vm.Reset();

            _vm.Perform(new Fire(Create, "a")).Kind.Should().Be(AnswerKind.Broken);
        }
    }

    [Fact]
    public void A_refused_program_comes_with_errno_and_reason()
    {
        var answer = _vm.Perform(Load("p", "r0 = 2\nexit"));

        answer.Kind.Should().Be(AnswerKind.Refused);
        answer.Errno.Should().Be(Errno.EINVAL);
        answer.Message.Should().Contain("At program exit the register R0");
    }

    [Fact]
    public void Storage_keys_come_back_by_name()
    {
        Prepare();

        var answer = Perform(new MapGetNextKey("storage"));

        answer.Key.Should().Be(new StorageKey("a", Create, 0));
        _vm.Perform(new MapGetNextKey("storage", answer.Key)).Errno.Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Padding_in_a_key_is_passed_on_and_ignored_by_the_map()
    {
        Prepare();

        Perform(new MapLookupElem("storage", new StorageKey("a", Create, 0xffff_ffff)));
    }

    [Fact]
    public void A_key_or_value_of_another_length_breaks_the_case()
    {
        Prepare();

        _vm.Perform(new MapLookupElem("storage", new RawKey([1, 2]))).Kind.Should().Be(AnswerKind.Broken);
        _vm.Perform(new MapUpdateElem("storage", new StorageKey("a", Create), [1])).Kind.Should().Be(AnswerKind.Broken);
    }

    [Fact]
    public void A_cgroup_with_children_is_busy()
    {
        Perform(new CgroupCreate("a"));
        Perform(new CgroupCreate("b", "a"));

        _vm.Perform(new CgroupRemove("a")).Should().Be(Answer.Fail(Errno.EBUSY));
        Perform(new CgroupRemove("b"));
        Perform(new CgroupRemove("a"));
    }

    [Fact]
    public void Nothing_can_happen_in_a_removed_cgroup()
    {
        Perform(new CgroupCreate("a"));
        Perform(new CgroupRemove("a"));

        var answer = _vm.Perform(new Fire(Create, "a"));

        answer.Kind.Should().Be(AnswerKind.Broken);
        answer.Message.Should().Contain("removed");
    }

    [Theory]
    [InlineData("inet5", null)]
    [InlineData(null, "raw")]
    public void A_parameter_that_is_no_word_breaks_the_case(string? family, string? socketType)
    {
        Perform(new CgroupCreate("a"));
        var parameters = new EventParameters { Family = family, SocketType = socketType };

        var answer = _vm.Perform(new Fire(Create, "a") { Event = parameters });

        answer.Kind.Should().Be(AnswerKind.Broken);
        answer.Message.Should().Contain(family ?? socketType);
    }

    [Fact]
    public void A_parameter_that_the_attach_type_does_not_know_breaks_the_case()
    {
        Perform(new CgroupCreate("a"));

        _vm.Perform(new Fire(AttachType.CgroupDevice, "a") { Event = new() { Family = "inet6" } })
            .Kind.Should()
            .Be(AnswerKind.Broken);
    }

    [Fact]
    public void A_cpu_that_does_not_exist_is_unsupported()
    {
        Perform(new CgroupCreate("a"));

        _vm.Perform(new Fire(Create, "a", Cpu: 99)).Kind.Should().Be(AnswerKind.Unsupported);
        _vm.Perform(new Fire(Create, "a", Cpu: -1)).Kind.Should().Be(AnswerKind.Unsupported);
    }

    [Fact]
    public void A_query_names_programs()
    {
        Prepare();

        var answer = Perform(new ProgQuery("a", Create));

        answer.Programs.Should().Equal("count");
        answer.AttachFlags.Should().Be(AllowMulti);
    }

    [Fact]
    public void Neighbours_are_named_by_descriptor_id_or_link()
    {
        const uint before = 8;
        const uint id = 32;
        const uint link = 1 << 13;
        Prepare();
        Perform(Load("x", "r0 = 1\nexit"));
        Perform(Load("y", "r0 = 1\nexit"));
        Perform(new ProgAttach("x", "a", Create, AllowMulti | before) { Relative = "count" });
        Perform(new ProgAttach("y", "a", Create, AllowMulti | before | id) { Relative = "count" });
        Perform(new LinkCreate("l", "x", "a", Create));
        Perform(new LinkCreate("m", "y", "a", Create, before | link | id) { Relative = "l" });

        Perform(new ProgQuery("a", Create)).Programs.Should().Equal("x", "y", "count", "y", "x");
    }

    [Fact]
    public void Tracks_run_at_the_same_time_and_answer_in_order()
    {
        Prepare();
        var tracks = Enumerable
            .Range(0, 2)
            .Select(cpu => new Track(
                $"cpu {cpu}",
                [
                    new Rendezvous("start"),
                    new Fire(Create, "a", cpu, Times: 1000),
                    new Rendezvous("end"),
                    new MapLookupElem("storage", new StorageKey("a", Create)),
                ]
            ))
            .ToList();

        var answer = Perform(new ParallelOperation(tracks));

        answer.Tracks.Should().HaveCount(2);
        foreach (var track in answer.Tracks!)
        {
            track.Select(item => item.Kind).Should().OnlyContain(kind => kind == AnswerKind.Ok);
            BitConverter.ToUInt64(track[3].Value!).Should().Be(2000);
        }
    }

    [Fact]
    public void A_track_waits_for_what_another_writes()
    {
        Perform(new MapCreate("flags", MapType.Array, 4, 8, 1));
        var key = new RawKey([0, 0, 0, 0]);
        var waits = new Track("waits", [new Await("flags", key, 0, 5)]);
        var writes = new Track("writes", [new MapUpdateElem("flags", key, [5, 0, 0, 0, 0, 0, 0, 0])]);

        var answer = Perform(new ParallelOperation([waits, writes]));

        answer.Tracks![0][0].Kind.Should().Be(AnswerKind.Ok);
    }

    [Fact]
    public void Waiting_alone_is_broken_at_once()
    {
        Perform(new MapCreate("flags", MapType.Array, 4, 8, 1));

        _vm.Perform(new Await("flags", new RawKey([0, 0, 0, 0]), 0, 5)).Kind.Should().Be(AnswerKind.Broken);
        _vm.Perform(new Await("flags", new RawKey([0, 0, 0, 0]), 1, 5)).Kind.Should().Be(AnswerKind.Broken);
        _vm.Perform(new Rendezvous("x")).Kind.Should().Be(AnswerKind.Broken);
    }

    [Fact]
    public void A_failure_on_a_track_is_that_tracks_answer()
    {
        Prepare();
        var track = new Track("t", [new Fire(Create, "nobody"), new Fire(Create, "a")]);

        var answers = Perform(new ParallelOperation([track])).Tracks![0];

        answers.Select(answer => answer.Kind).Should().Equal(AnswerKind.Broken, AnswerKind.Ok);
    }

    private static ProgLoad Load(string name, string text)
    {
        var assembly = Assembler.Assemble(text);
        assembly.Error.Should().BeNull();
        return new ProgLoad(
            name,
            ProgramType.CgroupSock,
            Create,
            Bytecode.Encode(assembly.Instructions),
            [.. assembly.MapReferences.Select(reference => new MapReference(reference.Instruction, reference.Map))]
        );
    }

    // One cgroup with a counting program, attached.
    private void Prepare()
    {
        Perform(new CgroupCreate("a"));
        Perform(new MapCreate("storage", MapType.CgroupStorage, 16, 8, 0));
        Perform(
            Load(
                "count",
                """
                r1 = map[storage] ll
                r2 = 0
                call bpf_get_local_storage#81
                r1 = 1
                lock *(u64 *)(r0 + 0) += r1
                r0 = 1
                exit
                """
            )
        );
        Perform(new ProgAttach("count", "a", Create, AllowMulti));
    }

    private ulong Counter(string cgroup) =>
        BitConverter.ToUInt64(Perform(new MapLookupElem("storage", new StorageKey(cgroup, Create))).Value!);

    private Answer Perform(Operation operation)
    {
        var answer = _vm.Perform(operation);
        answer.Kind.Should().Be(AnswerKind.Ok, "{0} answered {1}", operation, answer);
        return answer;
    }
}
