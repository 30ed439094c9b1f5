using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.Linux;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Linux;

/// <summary>The kernel of this machine as the machine under test.</summary>
public sealed class LiveKernelTests
{
    [LiveKernelFact]
    public void Every_case_that_applies_holds()
    {
        var set = VectorSet.Load(VectorLocation.Find()!).Set!;
        var runner = new Runner(set.Rules);
        using var machine = Open();

        var results = set.Cases.Select(@case => runner.Run(machine, @case)).ToList();

        results
            .Where(result => result.Outcome is not CaseOutcome.Passed and not CaseOutcome.NotApplicable)
            .Select(result => $"{result.Case.Id}: {result.Message}")
            .Should()
            .BeEmpty();
        results.Count(result => result.Outcome == CaseOutcome.Passed).Should().BeGreaterThan(set.Cases.Count * 9 / 10);
        results
            .Where(result => result.Outcome == CaseOutcome.Passed)
            .SelectMany(result => result.Steps)
            .SelectMany(step => step.Observations)
            .Select(observation => observation.Operation)
            .OfType<Fire>()
            .Select(fire => fire.AttachType)
            .Distinct()
            .Should()
            .BeEquivalentTo(Enum.GetValues<AttachType>(), "the kernel is asked for every attach type's event");
    }

    [LiveKernelFact]
    public void Random_sequences_agree_with_the_model()
    {
        const int Sequences = 100;
        const int Length = 60;
        using var machine = Open();

        for (var seed = 1; seed <= Sequences; seed++)
        {
            var sequence = SequenceGenerator.Generate(seed, Length);
            SequenceRun.FirstDifference(machine, sequence).Should().BeNull($"{sequence}");
        }
    }

    [LiveKernelFact]
    public void Random_programs_leave_behind_what_they_do_on_the_reference_VM()
    {
        const int Programs = 400;
        using var machine = Open();
        using var reference = new ReferenceVirtualMachine(
            Behaviour.For(machine.Identity.Kernel!),
            new Limits { PossibleCpus = machine.Identity.Cpus }
        );
        using var pair = new ProgramPair(reference, machine);

        var trials = Enumerable.Range(1, Programs).Select(seed => pair.Try(RandomProgram.Generate(seed))).ToList();

        trials
            .Where(trial => trial.Problem is not null)
            .Select(trial => $"seed {trial.Program.Seed}: {trial.Problem}")
            .Should()
            .BeEmpty();
        trials.Count(trial => trial.Run == RunComparison.Same).Should().BeGreaterThan(Programs / 5);
    }

    [LiveKernelFact]
    public void A_link_update_that_would_harm_the_kernel_is_never_made()
    {
        var program = new ProgramSketchWorld();
        using var machine = Open();
        foreach (var operation in program.LinkWithStorage)
        {
            machine.Perform(operation).Kind.Should().Be(AnswerKind.Ok, $"{operation}");
        }

        var answer = machine.Perform(new LinkUpdate("link", "without"));

        // A kernel that checks refuses it; on one that does not, it is not tried.
        answer.Kind.Should().BeOneOf(AnswerKind.Unsupported, AnswerKind.Failed);
    }

    private static LinuxVirtualMachine Open()
    {
        LinuxVirtualMachine.TryOpen(out var machine).Should().BeNull();
        return machine!;
    }

    /// <summary>A link that holds a program with a storage, and a program without.</summary>
    private sealed class ProgramSketchWorld
    {
        private static readonly string[] WithStorage =
        [
            "r1 = map[storage] ll",
            "r2 = 0",
            "call bpf_get_local_storage#81",
            "r0 = 1",
            "exit",
        ];

        public IEnumerable<Operation> LinkWithStorage { get; } =
        [
            new CgroupCreate("a"),
            new MapCreate("storage", MapType.CgroupStorage, 16, 8, 0),
            Load("with", WithStorage),
            Load("without", "r0 = 1", "exit"),
            new LinkCreate("link", "with", "a", AttachType.CgroupSysctl),
        ];

        private static ProgLoad Load(string name, params string[] source)
        {
            var assembled = Conformance.ReferenceVm.Isa.Assembler.Assemble(string.Join('\n', source));
            return new ProgLoad(
                name,
                ProgramType.CgroupSysctl,
                AttachType.CgroupSysctl,
                Conformance.ReferenceVm.Isa.Bytecode.Encode(assembled.Instructions),
                [.. assembled.MapReferences.Select(reference => new MapReference(reference.Instruction, reference.Map))]
            );
        }
    }
}
