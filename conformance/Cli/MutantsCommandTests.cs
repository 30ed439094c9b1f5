using Conformance.Cli;

namespace Conformance.Tests.Cli;

public class MutantsCommandTests
{
    [Fact]
    public void A_mutant_that_is_killed_by_its_rule_is_green()
    {
        var run = CommandRun.Of("mutants", "--filter", "delete-of-missing-is-enoent");

        run.ExitCode.Should().Be(ExitCode.Ok, "{0}", run.Error);
        run.Out.Should()
            .Contain("user.delete by user.delete")
            .And.Contain("1 mutants: 1 killed by a rule they break, 0 by other rules only, 0 survived");
    }

    [Fact]
    public void A_mutant_that_no_vector_sees_is_red()
    {
        using var vectors = new SampleVectors();

        var run = CommandRun.Of("mutants", "--filter", "delete-of-missing-is-enoent", "--vectors", vectors.Folder);

        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should()
            .Contain("delete-of-missing-is-enoent survives; no vector sees that it breaks user.delete")
            .And.Contain("kill none of these mutants");
    }

    [Fact]
    public void The_whole_matrix_is_written_where_it_is_wanted()
    {
        var file = Path.GetTempFileName();
        try
        {
            var run = CommandRun.Of("mutants", "--filter", "delete-of-missing-*", "--output", file);

            run.ExitCode.Should().Be(ExitCode.Ok, "{0}", run.Error);
            File.ReadAllText(file)
                .Should()
                .Contain(
                    "| delete-of-missing-is-enoent | Deleting a key that does not exist fails with ENOENT. | user.delete | user.delete"
                )
                .And.Contain("## Vectors that kill no mutant");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--filter", "no-such-mutant", "--filter leaves no mutant")]
    [InlineData("--jobs", "0", "--jobs 0: must be at least 1")]
    public void Wrong_usage_is_refused(string option, string value, string complaint)
    {
        var run = CommandRun.Of("mutants", option, value);

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain(complaint);
    }
}
