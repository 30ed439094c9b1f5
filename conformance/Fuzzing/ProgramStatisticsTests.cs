using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Fuzzing;

public class ProgramStatisticsTests
{
    private static readonly LoadVerdict Accepted = new(Accepted: true, Errno.None, "", -1);

    private readonly ProgramStatistics _statistics = new();

    [Fact]
    public void Context_accesses_are_counted_by_attach_type()
    {
        Add(Refused(3, "off=8"), Refused(3, "off=8"), AttachType.CgroupInet4Bind, ProgramFeatures.Context);
        Add(Refused(3, "off=8"), Accepted, AttachType.CgroupInet4Bind, ProgramFeatures.Context);
        Add(Accepted, Accepted, AttachType.CgroupDevice, ProgramFeatures.Context | ProgramFeatures.Loops);
        Add(Accepted, Accepted, AttachType.CgroupSysctl, ProgramFeatures.Loops);

        _statistics
            .ContextAccess.Should()
            .Equal(
                new Dictionary<AttachType, Agreement>
                {
                    [AttachType.CgroupDevice] = new(1, 1),
                    [AttachType.CgroupInet4Bind] = new(2, 1),
                }
            );
        _statistics.Features[ProgramFeatures.Context].Should().Be(new Agreement(3, 2));
        _statistics.Features[ProgramFeatures.Loops].Should().Be(new Agreement(2, 2));
    }

    [Fact]
    public void Refusals_by_one_machine_alone_are_counted_by_machine_and_reason()
    {
        Add(Refused(1, "R1 off=8"), Accepted);
        Add(Refused(1, "R2 off=16"), Accepted);
        Add(Refused(1, "unreachable insn 4"), Accepted);
        Add(Accepted, Refused(2, "R0 !read_ok"));

        _statistics
            .Gaps.Causes.Select(cause => (cause.Cause, cause.Count))
            .Should()
            .Equal(("EACCES RN off=N", 2), ("EACCES unreachable insn N", 1));
        _statistics.Unsound.Causes.Should().ContainSingle().Which.Cause.Should().Be("EACCES RN !read_ok");
        _statistics.HasFailures.Should().BeTrue();
    }

    [Fact]
    public void A_gap_is_no_failure()
    {
        Add(Refused(1, "R1 off=8"), Accepted);

        _statistics.HasFailures.Should().BeFalse();
        _statistics.SameVerdict.Should().Be(0);
    }

    [Fact]
    public void Refusals_by_both_are_held_against_each_other()
    {
        Add(Refused(3, "R1 off=8"), Refused(3, "R1 off=8"));
        Add(Refused(3, "R1 off=8"), Refused(3, "R1 off=9"));
        Add(Refused(3, "R1 off=8"), Refused(4, "R1 off=8"));
        Add(Accepted, Accepted);

        (_statistics.SameVerdict, _statistics.BothRefused).Should().Be((4, 3));
        (_statistics.SameInstruction, _statistics.SameMessage).Should().Be((2, 2));
    }

    [Fact]
    public void A_verdict_that_differs_for_a_known_reason_is_neither_gap_nor_failure()
    {
        Add(
            Accepted,
            Refused(9, "BPF program is too large. Processed 1000001 insn"),
            AttachType.CgroupDevice,
            ProgramFeatures.Context
        );

        _statistics.Explained.Values.Should().Equal(1);
        (_statistics.Gaps.Total, _statistics.Unsound.Total).Should().Be((0, 0));
        _statistics.ContextAccess[AttachType.CgroupDevice].Share.Should().Be(1);
    }

    [Fact]
    public void A_machine_that_broke_has_refused_nothing()
    {
        var problem = new ProgramProblem(ProgramProblemKind.Broken, "lost its way") { Place = "lost its way" };
        _statistics.Add(Trial(Accepted, LoadVerdict.None) with { Problem = problem });
        _statistics.Add(Trial(LoadVerdict.None, Refused(1, "R1 off=8")) with { Problem = problem });

        _statistics.ProblemsOf(ProgramProblemKind.Broken).Should().Be(2);
        _statistics.ProblemsOf(ProgramProblemKind.DifferentResult).Should().Be(0);
        (_statistics.Unsound.Total, _statistics.BothRefused, _statistics.SameVerdict).Should().Be((0, 0, 0));
        _statistics.HasFailures.Should().BeTrue();
    }

    private static LoadVerdict Refused(int instruction, string message) =>
        new(Accepted: false, Errno.EACCES, message, instruction);

    private void Add(
        LoadVerdict first,
        LoadVerdict second,
        AttachType attachType = AttachType.CgroupInetEgress,
        ProgramFeatures features = ProgramFeatures.None
    ) => _statistics.Add(Trial(first, second, attachType, features));

    private static ProgramTrial Trial(
        LoadVerdict first,
        LoadVerdict second,
        AttachType attachType = AttachType.CgroupInetEgress,
        ProgramFeatures features = ProgramFeatures.None
    ) =>
        new(
            TestProgram.Of("r0 = 1", "exit") with
            {
                AttachType = attachType,
                Features = features,
            },
            first,
            second,
            RunComparison.NotRun
        );
}
