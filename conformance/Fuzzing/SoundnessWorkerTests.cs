using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.Tests.Harness.Running;

namespace Conformance.Tests.Fuzzing;

public class SoundnessWorkerTests
{
    private const int LongEnough = 6 * Instruction.Size;

    [Fact]
    public void Shrinking_stays_with_the_problem_that_was_found()
    {
        var findings = new List<Finding>();
        // It traps over every program, and breaks over the small ones.
        var machine = new ScriptedMachine(operation =>
            operation switch
            {
                ProgLoad load when load.Instructions.Length < LongEnough => new Answer(AnswerKind.Broken),
                Fire => new Answer(AnswerKind.Trapped) { Message = "store of 4 bytes" },
                MapGetNextKey => Answer.Fail(Errno.ENOENT),
                _ => Answer.Ok,
            }
        );
        using var worker = new SoundnessWorker(machine, new SoundnessStatistics(), findings.Add);

        worker.Try(3);

        var finding = findings.Should().ContainSingle().Subject;
        finding.Summary.Should().Be("accepted, and then trapped: store of 4 bytes");
        var lines = finding.Text.Split('\n');
        lines.Should().HaveCountLessThan(RandomProgram.Generate(3).Code.Count).And.HaveCountGreaterThanOrEqualTo(3);
        finding.File("found.one").Should().Contain("\"refused\": {}");
    }
}
