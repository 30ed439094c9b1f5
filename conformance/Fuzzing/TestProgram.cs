using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Fuzzing;

/// <summary>Programs written out, in the place of random ones.</summary>
internal static class TestProgram
{
    public static RandomProgram Of(params string[] lines)
    {
        var assembled = Assembler.Assemble(string.Join('\n', lines));
        assembled.Succeeded.Should().BeTrue($"{assembled.Error}");
        return new RandomProgram(
            Seed: 1,
            ProgramType.CgroupSkb,
            AttachType.CgroupInetEgress,
            ProgramFeatures.None,
            assembled.Instructions!,
            [.. assembled.MapReferences.Select(map => new MapReference(map.Instruction, map.Map))]
        );
    }
}
