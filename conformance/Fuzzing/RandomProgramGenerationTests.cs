using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.Fuzzing;

public class RandomProgramGenerationTests
{
    private const int Seeds = 400;

    private static readonly IReadOnlyList<RandomProgram> Programs =
    [
        .. Enumerable.Range(0, Seeds).Select(seed => RandomProgram.Generate(seed)),
    ];

    [Fact]
    public void A_seed_is_always_the_same_program()
    {
        foreach (var program in Programs.Take(50))
        {
            var again = RandomProgram.Generate(program.Seed);
            again.Load("p").Instructions.Should().Equal(program.Load("p").Instructions);
            (again.Type, again.AttachType, again.Features, again.LoadFlags)
                .Should()
                .Be((program.Type, program.AttachType, program.Features, program.LoadFlags));
        }
    }

    [Fact]
    public void Every_program_type_and_every_feature_occurs()
    {
        Programs.Select(program => program.Type).Distinct().Should().HaveCount(7);
        foreach (var feature in Enum.GetValues<ProgramFeatures>().Where(feature => feature != ProgramFeatures.None))
        {
            Programs
                .Count(program => program.Features.HasFlag(feature))
                .Should()
                .BeGreaterThan(Seeds / 20, $"{feature} is to be tested");
        }
    }

    [Fact]
    public void More_than_a_fifth_of_those_not_mutated_is_accepted()
    {
        using var machine = new ReferenceVirtualMachine();
        var bench = new ProgramBench(machine);
        var whole = Programs.Where(program => !program.Features.HasFlag(ProgramFeatures.Mutated)).ToList();

        var accepted = whole.Count(program =>
        {
            var isAccepted = bench.Load(program).Kind == AnswerKind.Ok;
            if (isAccepted)
            {
                bench.Unload();
            }

            return isAccepted;
        });

        accepted.Should().BeGreaterThan(whole.Count / 5);
    }

    [Fact]
    public void Enough_of_those_that_count_is_accepted_with_flags_and_without()
    {
        using var machine = new ReferenceVirtualMachine();
        var bench = new ProgramBench(machine);
        var counting = Programs.Where(program => program.Features.HasFlag(ProgramFeatures.Counts)).ToList();

        foreach (var group in counting.GroupBy(program => program.LoadFlags))
        {
            group.Count(program => bench.Load(program).Kind == AnswerKind.Ok).Should().BeGreaterThan(group.Count() / 5);
        }

        counting.Select(program => program.LoadFlags).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public void A_reproduction_loads_the_program_with_its_flags()
    {
        var program = Programs.First(program => program.LoadFlags != 0);
        var trial = new ProgramTrial(program, LoadVerdict.None, LoadVerdict.None, RunComparison.NotRun);

        ProgramReproduction.Of(trial, "found.one", []).Should().Contain($"\"flags\": {program.LoadFlags}");
    }

    [Fact]
    public void Some_variations_of_a_run_fill_every_map_with_one_byte()
    {
        var program = Programs.First(program => program.Maps.Any(map => map.Map == ProgramWorld.Shared));

        var fills = Enumerable
            .Range(1, ProgramSteps.ExtremeVariations)
            .Select(variation => new ProgramSteps(program, cpus: 2, variation).Run().OfType<MapUpdateElem>())
            .Select(updates => updates.First(update => update.Map == ProgramWorld.Shared).Value.Distinct().Single());

        fills.Should().Equal(byte.MinValue, (byte)1, byte.MaxValue);
    }

    [Fact]
    public void A_program_written_down_assembles_to_itself()
    {
        foreach (var program in Programs)
        {
            var assembled = Assembler.Assemble(string.Join('\n', ProgramReproduction.Lines(program)));

            assembled.Succeeded.Should().BeTrue($"seed {program.Seed}: {assembled.Error}");
            Convert
                .ToHexString(Bytecode.Encode(assembled.Instructions))
                .Should()
                .Be(Convert.ToHexString(program.Load("p").Instructions), $"of seed {program.Seed}");
            // A slot that a mutation has spoiled is written as a number, which refers to no map.
            if (!program.Features.HasFlag(ProgramFeatures.Mutated))
            {
                assembled
                    .MapReferences.Select(map => new MapReference(map.Instruction, map.Map))
                    .Should()
                    .Equal(program.Maps, $"of seed {program.Seed}");
            }
        }
    }
}
