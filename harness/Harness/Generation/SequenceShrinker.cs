using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;

namespace Conformance.Harness.Generation;

/// <summary>Smaller sequences in the place of one that shows a difference.</summary>
public static class SequenceShrinker
{
    /// <summary>Simpler sequences, those that leave out most first.</summary>
    public static IEnumerable<OperationSequence> Shrink(OperationSequence sequence)
    {
        for (var size = sequence.Operations.Count / 2; size > 0; size /= 2)
        {
            // From the end: what comes later depends on what comes before.
            for (var at = sequence.Operations.Count - size; at > -size; at -= size)
            {
                var from = Math.Max(at, 0);
                var rest = sequence.Operations.Take(from).Concat(sequence.Operations.Skip(at + size));
                yield return Mend(sequence with { Operations = [.. rest] });
            }
        }

        foreach (var sketch in sequence.Sketches.SelectMany(Simpler))
        {
            var sketches = sequence.Sketches.Select(other => other.Name == sketch.Name ? sketch : other);
            var operations = sequence.Operations.Select(operation =>
                operation is ProgLoad load && load.Program == sketch.Name ? SketchSource.Load(sketch) : operation
            );
            yield return Mend(sequence with { Sketches = [.. sketches], Operations = [.. operations] });
        }

        for (var i = 0; i < sequence.Operations.Count; i++)
        {
            foreach (var simpler in Simpler(sequence.Operations[i]))
            {
                var operations = sequence.Operations.ToImmutableList().SetItem(i, simpler);
                yield return Mend(sequence with { Operations = operations });
            }
        }
    }

    /// <summary>Takes out every operation that speaks of something that never came into being, and every sketch never loaded.</summary>
    public static OperationSequence Mend(OperationSequence sequence)
    {
        var state = sequence.Start;
        HashSet<string> known = [];
        List<Operation> kept = [];
        foreach (
            var operation in sequence.Operations.Where(operation =>
                OperationNames.UsedBy(operation).All(known.Contains)
            )
        )
        {
            (state, var prediction) = LocalStorageModel.Step(state, operation);
            kept.Add(operation);
            if (prediction.Kind == AnswerKind.Ok && OperationNames.MadeBy(operation) is { } name)
            {
                known.Add(name);
            }
        }

        var loaded = kept.OfType<ProgLoad>().Select(load => load.Program).ToHashSet();
        var sketches = sequence.Sketches.Where(sketch => loaded.Contains(sketch.Name));
        return sequence with { Sketches = [.. sketches], Operations = kept };
    }

    private static IEnumerable<ProgramSketch> Simpler(ProgramSketch sketch)
    {
        for (var i = 0; i < sketch.Effects.Count; i++)
        {
            yield return sketch with
            {
                Effects = sketch.Effects.ToImmutableList().RemoveAt(i),
            };
        }

        if (sketch.Verdict is not Allow)
        {
            yield return sketch with
            {
                Verdict = new Allow(),
            };
        }

        if (sketch.HelperFlags != 0)
        {
            yield return sketch with
            {
                HelperFlags = 0,
            };
        }
    }

    private static IEnumerable<Operation> Simpler(Operation operation) =>
        operation switch
        {
            Fire { Times: > 1 } fire => [fire with { Times = 1 }],
            Fire { Cpu: > 0 } fire => [fire with { Cpu = 0 }],
            ProgAttach { Relative: not null } attach =>
            [
                attach with
                {
                    Relative = null,
                    Flags = attach.Flags & ~(AttachFlags.Before | AttachFlags.After),
                },
            ],
            ProgAttach { ExpectedRevision: not 0 } attach => [attach with { ExpectedRevision = 0 }],
            ProgAttach { Flags: not (0 or AttachFlags.AllowMulti), Replace: null } attach =>
            [
                attach with
                {
                    Flags = attach.Flags & AttachFlags.AllowMulti,
                },
            ],
            CgroupCreate { Parent: not null } create => [create with { Parent = null }],
            MapLookupElem { Flags: not 0 } lookup => [lookup with { Flags = 0 }],
            MapUpdateElem { Flags: not 0 } update => [update with { Flags = 0 }],
            ProgTestRun { Repeat: > 1 } run => [run with { Repeat = 1 }],
            _ => [],
        };
}
