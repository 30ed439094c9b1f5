using System.Text.Json.Nodes;
using Conformance.Harness.Generation;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Fuzzing;

/// <summary>
/// Writes a program down as a vector file of kind <c>reproduction</c>: about which two machines differ, and it expects what the second one showed; or which
/// trapped or broke the machine that was to run it, and it expects that machine to refuse it.
/// </summary>
public static class ProgramReproduction
{
    private const string RefusedRule = "bounds.beyond-refused";
    private const string AcceptedRule = "programs.offered";
    private const string ValueRule = "user.lookup-is-current";

    /// <summary>The file's text.</summary>
    /// <param name="trial">The trial, shrunk.</param>
    /// <param name="id">The id: folder and file name joined by a dot.</param>
    /// <param name="run">A run on the machine whose answers are expected; empty where running the program is not the point.</param>
    public static string Of(ProgramTrial trial, string id, IReadOnlyList<Observation> run)
    {
        var program = trial.Program;
        var loads = ReproductionStep.Of(program.Load(ProgramBench.Program));
        var verdict = Right(trial);
        loads["expect"] = verdict.Accepted
            ? new JsonObject { ["rule"] = AcceptedRule }
            : new JsonObject { ["rule"] = RefusedRule, ["refused"] = Refusal(verdict) };
        JsonArray steps = [loads];
        foreach (var step in run.Select(RunStep))
        {
            steps.Add(step);
        }

        return ReproductionText.Of(
            new Reproduction(
                id,
                verdict == LoadVerdict.None
                    ? $"A random program (seed {program.Seed}) that does harm is refused"
                    : $"A random program (seed {program.Seed}) behaves as on the machine it was held against",
                trial.Problem?.Text ?? trial.Contradiction ?? $"{trial.First}, where the other machine {trial.Second}",
                new JsonObject { [ProgramBench.Cgroup] = null },
                new JsonObject(
                    ProgramWorld.Maps.Select(map =>
                        KeyValuePair.Create(map.Map, (JsonNode?)ReproductionStep.Definition(map))
                    )
                ),
                new JsonObject { [ProgramBench.Program] = Definition(program) },
                steps
            )
        );
    }

    /// <summary>The program as assembly.</summary>
    public static IReadOnlyList<string> Lines(RandomProgram program)
    {
        var maps = program.Maps.ToDictionary(reference => reference.Instruction, reference => reference.Map);
        var names = new DisassemblyNames { Labels = true, MapAt = slot => maps.GetValueOrDefault(slot) };
        return Disassembler.ToText([.. program.Code], names).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonObject Definition(RandomProgram program)
    {
        var lines = Lines(program);
        var definition = ReproductionText.Program(program.Type, program.AttachType, lines);
        var written = Assembler.Assemble(string.Join('\n', lines)).MapReferences;
        if (!written.Select(map => new MapReference(map.Instruction, map.Map)).SequenceEqual(program.Maps))
        {
            // A slot that a mutation has spoiled is written as a number in assembly, which refers to no map.
            definition.Remove("source");
            definition["instructions"] = Convert.ToHexStringLower(program.Load(ProgramBench.Program).Instructions);
            definition["maps"] = new JsonArray([
                .. program.Maps.Select(map => new JsonObject { ["instruction"] = map.Instruction, ["map"] = map.Map }),
            ]);
        }

        if (program.LoadFlags != 0)
        {
            definition["flags"] = program.LoadFlags;
        }

        return definition;
    }

    /// <summary>The verdict that the file expects; none where all that counts is that it is no acceptance.</summary>
    private static LoadVerdict Right(ProgramTrial trial) =>
        trial.Problem?.Kind == ProgramProblemKind.Trapped ? LoadVerdict.None
        : trial.Second == LoadVerdict.None ? trial.First
        : trial.Second;

    // Why a program that traps is to be refused, nobody has said yet.
    private static JsonObject Refusal(LoadVerdict verdict) =>
        verdict == LoadVerdict.None
            ? []
            : new JsonObject { ["errno"] = $"{verdict.Errno}", ["message"] = verdict.Message };

    private static JsonObject RunStep(Observation seen)
    {
        var (operation, answer) = seen;
        var step = ReproductionStep.Of(operation);
        if (operation is Fire)
        {
            step["expect"] = ReproductionExpectation.Ended(answer, "events.denial");
        }
        else if (operation is MapLookupElem lookup)
        {
            step["expect"] = new JsonObject
            {
                ["rule"] = ValueRule,
                ["value"] = ReproductionExpectation.Areas(
                    answer.Value ?? [],
                    lookup.Map == ProgramWorld.PerCpu ? ProgramWorld.StorageSize : int.MaxValue
                ),
            };
        }

        return step;
    }
}
