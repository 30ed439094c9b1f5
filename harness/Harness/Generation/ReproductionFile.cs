using System.Text.Json.Nodes;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;

namespace Conformance.Harness.Generation;

/// <summary>
/// Writes a sequence down as a vector file of kind <c>reproduction</c>: every operation with the answer the model predicts, so
/// that a finding outlives the generator it came from.
/// </summary>
public static class ReproductionFile
{
    /// <summary>The file's text.</summary>
    /// <param name="sequence">The sequence, shrunk.</param>
    /// <param name="id">The id: folder and file name joined by a dot.</param>
    /// <param name="finding">What was found, in one sentence.</param>
    public static string Of(OperationSequence sequence, string id, string finding)
    {
        var steps = new JsonArray();
        var pointers = new PointerNames();
        foreach (var (operation, prediction, state) in sequence.Predict())
        {
            // Each step names the rule it judges, also where all it expects is success.
            var rule = ReproductionRules.Of(operation, prediction);
            var step = ReproductionStep.Of(operation);
            var expect = new JsonObject { ["rule"] = rule };
            ReproductionExpectation.Add(expect, operation, prediction, state, pointers);
            step["expect"] = expect;
            if (prediction.Eventually)
            {
                step["eventually"] = true;
            }

            steps.Add(step);
        }

        return ReproductionText.Of(
            new Reproduction(
                id,
                $"A random sequence (seed {sequence.Seed}) behaves as the model predicts",
                finding,
                World<CgroupCreate>(
                    sequence,
                    create => (create.Cgroup, create.Parent is { } parent ? JsonValue.Create(parent) : null)
                ),
                World<MapCreate>(sequence, create => (create.Map, ReproductionStep.Definition(create))),
                World<ProgLoad>(sequence, load => (load.Program, Program(sequence, load))),
                steps
            )
        );
    }

    // Objects are defined once, where their name is first made.
    private static JsonObject World<T>(OperationSequence sequence, Func<T, (string Name, JsonNode? Definition)> define)
        where T : Operation =>
        new(
            sequence
                .Operations.OfType<T>()
                .Select(define)
                .DistinctBy(made => made.Name)
                .Select(made => KeyValuePair.Create(made.Name, made.Definition))
        );

    private static JsonObject Program(OperationSequence sequence, ProgLoad load)
    {
        var sketch = sequence.Sketches.First(sketch => sketch.Name == load.Program);
        return ReproductionText.Program(sketch.Type, sketch.Expected, SketchSource.Lines(sketch));
    }
}
