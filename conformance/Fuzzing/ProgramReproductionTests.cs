using System.Text.Json.Nodes;
using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Fuzzing;

public class ProgramReproductionTests
{
    // A mutation has spoiled one of its map references.
    private const int Spoiled = 93;

    [Fact]
    public void A_map_reference_that_assembly_cannot_say_is_written_beside_the_bytecode()
    {
        var program = RandomProgram.Generate(Spoiled);

        var definition = Definition(program);

        definition.ContainsKey("source").Should().BeFalse();
        ((string?)definition["instructions"])
            .Should()
            .Be(Convert.ToHexStringLower(program.Load("program").Instructions));
        definition["maps"]!
            .AsArray()
            .Select(map => ((int)map!["instruction"]!, (string)map["map"]!))
            .Should()
            .Equal(program.Maps.Select(map => (map.Instruction, map.Map)));
    }

    [Fact]
    public void Whatever_assembly_can_say_is_written_as_assembly()
    {
        var definition = Definition(TestProgram.Of("r1 = map[storage] ll", "r0 = 1", "exit"));

        definition["source"]!
            .AsArray()
            .Select(line => ((string)line!).Trim())
            .Should()
            .Equal("r1 = map[storage] ll", "r0 = 1", "exit");
        definition.ContainsKey("instructions").Should().BeFalse();
    }

    private static JsonObject Definition(RandomProgram program)
    {
        var refused = new LoadVerdict(Accepted: false, Errno.EINVAL, "no", -1);
        var trial = new ProgramTrial(program, refused, refused, RunComparison.NotRun);
        var file = JsonNode.Parse(ProgramReproduction.Of(trial, "found.one", []))!;
        return file["programs"]!["program"]!.AsObject();
    }
}
