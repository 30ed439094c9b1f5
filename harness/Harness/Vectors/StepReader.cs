using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>Reads steps: the operation, what it expects, and the tracks of a parallel one.</summary>
internal static class StepReader
{
    private const string ParallelOp = "parallel";

    // The flags cpu and all_cpus.
    private const ulong OneValue = 8 | 16;

    public static IReadOnlyList<Step> ReadAll(LocatedNode node, CaseScope scope)
    {
        var items = node.Items(scope.Errors);
        if (node.Kind == NodeKind.Array && items.Count == 0)
            scope.Errors.Add(node, "there are no steps");
        return [.. items.Select((item, index) => Read(item, index, scope)).OfType<Step>()];
    }

    private static Step? Read(LocatedNode node, int index, CaseScope scope)
    {
        if (Fields.Of(node, scope.Errors) is not { } fields)
            return null;
        var op = fields.String("op");
        if (op.Length == 0)
            return null;
        return op == ParallelOp && !scope.InTrack ? Parallel(fields, index, scope) : Plain(op, fields, index, scope);
    }

    private static Step? Plain(string op, Fields fields, int index, CaseScope scope)
    {
        var errors = scope.Errors;
        if (OperationReader.Read(op, fields, scope) is not { } operation)
            return null;
        var map = fields.Node.Member("map")?.Text ?? "";
        var expectations = fields.Optional("expect") is { } expect
            ? ExpectationReader.Read(expect, op, map, scope)
            : [];
        var eventually = fields.Flag("eventually");
        if (scope.InTrack && eventually)
            errors.Add(fields.Node, "a step of a track is done once: eventually cannot stand there");
        if (scope.InTrack && expectations.Any(expected => expected.Conditions.Any(one => one is IsForbidden)))
            errors.Add(fields.Node, "\"forbidden\" cannot stand in a track");
        var why = fields.OptionalString("why");
        fields.Done();
        return new Step
        {
            Index = index,
            Pointer = fields.Node.Pointer,
            Op = op,
            Operation = operation,
            Expectations = expectations,
            Eventually = eventually,
            Why = why,
            AreaSize = AreaSize(operation, fields.Node, scope),
        };
    }

    private static Step Parallel(Fields fields, int index, CaseScope scope)
    {
        var tracks = new List<StepTrack>();
        var node = fields.Required("tracks");
        scope.InTrack = true;
        foreach (var item in node?.Items(scope.Errors) ?? [])
        {
            if (Fields.Of(item, scope.Errors) is not { } track)
                continue;
            var name = track.String("name");
            if (name.Length > 0 && tracks.Exists(other => other.Name == name))
                scope.Errors.Add(item, $"two tracks are named \"{name}\"");
            var steps = track.Required("steps") is { } list ? ReadAll(list, scope) : [];
            track.Done();
            tracks.Add(new StepTrack(name, steps));
        }

        scope.InTrack = false;
        if (node is { Kind: NodeKind.Array, Items.Count: 0 })
            scope.Errors.Add(node, "there are no tracks");
        var why = fields.OptionalString("why");
        fields.Done();
        return new Step
        {
            Index = index,
            Pointer = fields.Node.Pointer,
            Op = ParallelOp,
            Operation = new Machines.Parallel([.. tracks.Select(track => track.For(cpus: 1))]),
            Tracks = tracks,
            Why = why,
        };
    }

    // A value given as hex is the whole buffer; one given by fields grows with the machine's number of CPUs.
    private static int? AreaSize(Operation operation, LocatedNode step, CaseScope scope) =>
        operation is MapUpdateElem { Flags: var flags } update
        && (flags & OneValue) == 0
        && step.Member("value") is { Kind: NodeKind.Array }
        && scope.FindMap(update.Map) is { } map
        && map.IsPerCpu()
            ? map.AreaSize()
            : null;
}
