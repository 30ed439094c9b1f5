using Conformance.Harness.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>Reads one vector and expands it.</summary>
internal sealed class VectorReader(RuleCatalogue? rules, ProgramReader programs)
{
    private static readonly LocatedNode Nothing = new(NodeKind.Object, "", 1);

    /// <summary>The vector and its cases, or null where the file is no object. What is wrong goes to <paramref name="errors"/>.</summary>
    /// <param name="root">The file.</param>
    /// <param name="file">Its path.</param>
    /// <param name="expectedId">The id that its place in the folder demands.</param>
    public VectorFile? Read(LocatedNode root, string file, string expectedId, ErrorSink errors)
    {
        if (Fields.Of(root, errors) is not { } fields)
            return null;
        fields.OptionalString("$schema");
        var forEach = fields.Optional("for_each");
        var axes = forEach is null ? [] : AxisReader.Read(forEach, errors);
        var vector = new Vector
        {
            Id = fields.String("id"),
            Title = fields.String("title"),
            Rules = RuleIds(fields),
            Catches = fields.String("catches"),
            Kind = Kind(fields),
            File = file,
            Axes = [.. axes.Select(axis => axis.Name)],
        };
        if (vector.Id.Length > 0 && vector.Id != expectedId)
            errors.Add(
                fields.Node.Member("id")!,
                $"the id of a vector in this place is \"{expectedId}\", not \"{vector.Id}\""
            );

        var world = new World(
            fields.Optional("cgroups") ?? Nothing,
            fields.Optional("maps") ?? Nothing,
            fields.Optional("programs") ?? Nothing,
            fields.Required("steps")
        );
        fields.Done();
        var named = new HashSet<string>();
        var cases = Expand(axes).Select(choice => Case(vector, choice, world, named, errors)).ToArray();
        errors.Case = null;
        foreach (var unnamed in vector.Rules.Skip(1).Where(rule => !named.Contains(rule)))
            errors.Add(
                fields.Node.Member("rules")!,
                $"no expectation names the rule \"{unnamed}\", so nothing here judges it"
            );
        return new VectorFile(vector, cases);
    }

    private sealed record World(LocatedNode Cgroups, LocatedNode Maps, LocatedNode Programs, LocatedNode? Steps);

    private IReadOnlyList<string> RuleIds(Fields fields)
    {
        if (fields.Required("rules") is not { } node)
            return [];
        var ids = node.DistinctStrings(fields.Errors);
        if (node is { Kind: NodeKind.Array, Items.Count: 0 })
            fields.Errors.Add(node, "a vector checks at least one rule");
        foreach (var item in node.Items.Where(item => item.Kind == NodeKind.String && item.Text.Length > 0))
        {
            if (rules is not null && rules.Find(item.Text) is null)
                fields.Errors.Add(item, $"unknown rule \"{item.Text}\"");
        }

        return ids;
    }

    private static VectorKind Kind(Fields fields)
    {
        if (fields.Optional("kind") is not { } node || node.String(fields.Errors) is not { } text)
            return VectorKind.Vector;
        if (text is not ("vector" or "reproduction"))
            fields.Errors.Add(node, $"unknown kind \"{text}\": expected vector or reproduction");
        return text == "reproduction" ? VectorKind.Reproduction : VectorKind.Vector;
    }

    private static IEnumerable<IReadOnlyList<AxisValue>> Expand(IReadOnlyList<Axis> axes)
    {
        IEnumerable<IReadOnlyList<AxisValue>> choices =
        [
            [],
        ];
        foreach (var axis in axes)
            choices = choices.SelectMany(
                choice => axis.Values,
                (choice, value) => (IReadOnlyList<AxisValue>)[.. choice, value]
            );
        return choices;
    }

    private Case Case(
        Vector vector,
        IReadOnlyList<AxisValue> choice,
        World world,
        HashSet<string> rulesNamed,
        ErrorSink errors
    )
    {
        var labels = string.Join('.', choice.Select(value => value.Label));
        var id = choice.Count == 0 ? vector.Id : $"{vector.Id}@{labels}";
        errors.Case = choice.Count == 0 ? null : id;

        var placeholders = new Placeholders();
        foreach (var (name, value) in choice.SelectMany(value => value.Definitions))
            placeholders.Define(name, placeholders.Fill(value, errors));

        var scope = new CaseScope(vector.Rules, errors)
        {
            RulesNamed = rulesNamed,
            AttachType = Parsed<AttachType>(placeholders.Text("attach_type"), Names.TryParse),
            ProgramType = Parsed<ProgramType>(placeholders.Text("program_type"), CaseNames.TryProgramType),
        };
        var document = Document(world, placeholders, errors);
        WorldReader.Cgroups(document.Cgroups, scope);
        WorldReader.Maps(document.Maps, scope);
        programs.Read(document.Programs, scope);
        var steps = document.Steps is null ? [] : StepReader.ReadAll(document.Steps, scope);
        return new Case
        {
            Id = id,
            Vector = vector,
            Labels = [.. vector.Axes.Zip(choice, (axis, value) => new AxisLabel(axis, value.Label))],
            ProgramType = scope.ProgramType ?? Only(scope.Programs.Values.Select(program => program.Load.Type)),
            AttachType =
                scope.AttachType
                ?? Only(steps.Select(step => step.Operation).OfType<Fire>().Select(fire => fire.AttachType)),
            Cgroups = [.. scope.Cgroups.Values],
            Maps = [.. scope.Maps.Values],
            Programs = [.. scope.Programs.Values],
            Setup = SetupSteps.Of(scope, world.Cgroups, world.Maps, world.Programs, steps),
            Steps = steps,
            CpusNeeded = scope.CpusNeeded,
            // Filled once more when somebody asks: thousands of filled trees are not worth keeping.
            Document = () => Document(world, placeholders, new ErrorSink(vector.File)),
        };
    }

    private static CaseDocument Document(World world, Placeholders placeholders, ErrorSink errors) =>
        new(
            placeholders.Fill(world.Cgroups, errors),
            placeholders.Fill(world.Maps, errors),
            placeholders.Fill(world.Programs, errors),
            world.Steps is null ? null : placeholders.Fill(world.Steps, errors)
        );

    private delegate bool Parse<T>(string text, out T value);

    private static T? Parsed<T>(string? text, Parse<T> parse)
        where T : struct => text is not null && parse(text, out var value) ? value : null;

    // The one value that all have, or null.
    private static T? Only<T>(IEnumerable<T> values)
        where T : struct => values.Distinct().Take(2).ToArray() is [var only] ? only : null;
}
