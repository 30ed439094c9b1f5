using Conformance.Harness.Reporting;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Reporting;

public sealed class RuleMatrixTests
{
    private readonly RuleMatrix _matrix = RuleMatrix.Of(SampleRun.Rules, SampleRun.Record.Results);

    [Fact]
    public void Cases_count_for_their_program_type() =>
        _matrix["pointer.never-null", ProgramType.CgroupSkb].Passed.Should().Be(2);

    [Fact]
    public void Cases_without_a_program_type_have_a_column_of_their_own() =>
        _matrix["links.detach", null].Passed.Should().Be(1);

    [Fact]
    public void A_failure_counts_for_the_rule_it_broke() =>
        _matrix["pointer.stable-across-runs", ProgramType.CgroupSockAddr].Failed.Should().Be(1);

    [Fact]
    public void A_failure_expected_or_not_leaves_the_other_rules_of_the_vector_undecided() =>
        _matrix["pointer.never-null", ProgramType.CgroupSockAddr]
            .Should()
            .Be(new MatrixCell(Passed: 0, Failed: 0, Errored: 0, Skipped: 0, NotApplicable: 0, Undecided: 2));

    [Fact]
    public void What_was_expected_counts_apart()
    {
        _matrix["pointer.stable-across-runs", ProgramType.CgroupSockAddr].ExpectedFailure.Should().Be(1);
        _matrix["links.detach", ProgramType.CgroupDevice].UnexpectedPass.Should().Be(1);
        _matrix["links.detach", ProgramType.CgroupSysctl].Flaky.Should().Be(1);
    }

    [Fact]
    public void The_columns_are_the_program_types_that_may_call_the_helper() =>
        RuleMatrix.ProgramTypes.Should().HaveCount(7).And.OnlyHaveUniqueItems();
}
