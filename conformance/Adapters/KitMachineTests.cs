using Conformance.AdapterKit;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Adapters;

/// <summary>The kit in C#, in this process.</summary>
public sealed class KitMachineTests
{
    private static readonly Fire Thrice = new(AttachType.CgroupDevice, "a", Times: 3);

    private readonly KitMachine _machine = new(new MachineIdentity("stub", "1", 1), () => { });

    [Fact]
    public void The_suite_runs_in_the_machines_own_process()
    {
        var results = InProcess.Run(new Tiny.Adapter().Machine, "lifetime.").ToList();

        results
            .Should()
            .NotContain(result => result.Outcome == CaseOutcome.Failed || result.Outcome == CaseOutcome.Errored);
        results.Count(result => result.Outcome == CaseOutcome.Passed).Should().BeGreaterThan(100);
        InProcess.Run(new Tiny.Adapter().Machine, "no such case").Should().BeEmpty();
    }

    [Fact]
    public void An_event_is_performed_as_often_as_it_happens_until_it_goes_wrong()
    {
        var times = 0;
        _machine.On<Fire>(fire => ++times == 2 ? KitMachine.Trapped("twice") : KitMachine.Completed);

        _machine.Perform(Thrice).Kind.Should().Be(AnswerKind.Trapped);

        times.Should().Be(2);
    }

    [Fact]
    public void Who_takes_the_times_of_an_event_gets_them()
    {
        _machine.On<Fire>(fire => KitMachine.Denied((Errno)fire.Times), nameof(Fire.Times));

        _machine.Perform(Thrice).Should().Be(Answer.Ok with { Outcome = EventOutcome.Denied, Errno = (Errno)3 });
    }

    [Fact]
    public void A_member_that_is_not_taken_is_unsupported_under_the_name_that_it_has_in_the_protocol()
    {
        _machine.On<MapCreate>(_ => Answer.Ok, nameof(MapCreate.Flags));
        var plain = new MapCreate("m", MapType.Array, 4, 8, 1, Flags: 1);

        _machine.Perform(plain).Should().Be(Answer.Ok);
        _machine
            .Perform(plain with { Extra = 1 })
            .Message.Should()
            .Be("stub does not offer \"map_extra\" of map_create");
        _machine.Perform(plain with { Without = [Capability.Bpf] }).Message.Should().Contain("\"without\"");
        _machine.Perform(plain with { SpinLockOffset = 0 }).Kind.Should().Be(AnswerKind.Unsupported);
    }

    [Fact]
    public void A_member_that_does_not_exist_cannot_be_taken() =>
        _machine
            .Invoking(machine => machine.On<MapCreate>(_ => Answer.Ok, "Sizes"))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("MapCreate has no optional member Sizes*");

    [Fact]
    public void A_closed_name_is_known_to_keys_and_queries_and_to_nothing_else()
    {
        var names = _machine.Names<string>("cgroup");
        var thing = new string('x', 1);
        _machine
            .On<CgroupCreate>(op => names.Made(op.Cgroup, thing))
            .On<CgroupRemove>(op => names.Closed(op.Cgroup, KitMachine.Ended(names[op.Cgroup].Length - 1)));

        _machine.Perform(new CgroupCreate("a")).Should().Be(Answer.Ok);
        _machine.Perform(new CgroupCreate("a")).Message.Should().Be("there is a cgroup named 'a' already");
        _machine.Perform(new CgroupRemove("a")).Should().Be(Answer.Ok);

        _machine
            .Perform(new CgroupRemove("a"))
            .Should()
            .Be(new Answer(AnswerKind.Broken) { Message = "no cgroup is named 'a'" });
        names.Ever("a").Should().BeSameAs(thing);
        names.NameOf(thing).Should().Be("a");
        _machine.Perform(new CgroupCreate("a")).Should().Be(Answer.Ok);
        _machine.Reset();
        names.Invoking(all => all.Ever("a")).Should().Throw<Exception>().WithMessage("no cgroup is named 'a'");
    }
}
