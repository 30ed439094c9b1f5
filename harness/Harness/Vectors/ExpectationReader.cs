using System.Collections.Frozen;
using System.Collections.Immutable;
using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>Reads <c>expect</c>.</summary>
internal static class ExpectationReader
{
    // What may be expected of which operation, besides errno, which every call may answer.
    private static readonly FrozenDictionary<string, string[]> Conditions = new Dictionary<string, string[]>
    {
        ["map_lookup_elem"] = ["value", "size"],
        ["map_lookup_and_delete_elem"] = ["value", "size"],
        ["map_get_next_key"] = ["key"],
        ["prog_load"] = ["refused", "forbidden"],
        ["prog_query"] = ["programs", "attach_flags"],
        ["prog_test_run"] = ["return_value", "trapped", "exhausted"],
        ["fire"] = ["outcome", "trapped", "exhausted"],
    }.ToFrozenDictionary();

    private static string[] ConditionsOf(string op) => Conditions.GetValueOrDefault(op, []);

    private static readonly string[] Ends = ["refused", "forbidden", "trapped", "exhausted"];

    public static IReadOnlyList<Expectation> Read(LocatedNode node, string op, string map, CaseScope scope)
    {
        if (node.Kind != NodeKind.Array)
            return ReadOne(node, op, map, scope) is { } only ? [only] : [];
        if (node.Items.Count == 0)
            scope.Errors.Add(node, "an empty list expects nothing: leave it out");
        return [.. node.Items.Select(item => ReadOne(item, op, map, scope)).OfType<Expectation>()];
    }

    private static Expectation? ReadOne(LocatedNode node, string op, string map, CaseScope scope)
    {
        var errors = scope.Errors;
        if (Fields.Of(node, errors) is not { } fields)
            return null;
        if (node.Members.Count == 0)
            errors.Add(node, "an empty object expects nothing: leave it out");

        var rule = scope.Rules.Count > 0 ? scope.Rules[0] : "";
        if (fields.Optional("rule") is { } named && named.NonEmptyString(errors) is { } id)
        {
            rule = id;
            scope.RulesNamed.Add(id);
            if (!scope.Rules.Contains(id))
                errors.Add(named, $"\"{id}\" is none of the vector's rules");
        }

        var conditions = new List<Condition>();
        if (fields.Optional("errno") is { } errno)
            conditions.Add(new ErrnoIs(errno.Errno(errors)));
        foreach (var name in ConditionsOf(op))
        {
            if (fields.Optional(name) is { } value && Condition(name, value, map, scope) is { } condition)
                conditions.Add(condition);
        }

        Done(fields, op);
        var ends = Ends.Where(fields.Has).ToArray();
        if (ends.Length > 0 && (ends.Length > 1 || conditions.Count > 1))
            errors.Add(node, $"\"{ends[0]}\" stands alone: nothing else can be expected beside it");
        if (fields.Has("errno") && conditions.Exists(condition => condition is not (ErrnoIs or OutcomeIs)))
            errors.Add(node, "a call that fails with an errno answers nothing else");
        if (fields.Has("errno") && conditions.OfType<OutcomeIs>().Any(end => end.Outcome != EventOutcome.Denied))
            errors.Add(node, "only a denied event has an errno");
        return new Expectation(rule, conditions);
    }

    private static Condition? Condition(string name, LocatedNode node, string map, CaseScope scope)
    {
        var errors = scope.Errors;
        switch (name)
        {
            case "value":
                var fields = node.Items(errors).Select(item => Field(item, scope.FindMap(map), scope));
                var list = fields.OfType<ExpectedField>().ToArray();
                if (node.Kind == NodeKind.Array && node.Items.Count == 0)
                    errors.Add(node, "a value without fields expects nothing: leave it out");
                return new ValueHas(list);
            case "size":
                return new SizeIs(node.Int(0, int.MaxValue, errors), scope.FindMap(map)?.IsPerCpu() ?? false);
            case "key":
                return Key(node, map, scope);
            case "refused":
                return Refused(node, errors);
            case "forbidden":
                return True(node, errors, new IsForbidden());
            case "trapped":
                return True(node, errors, new IsTrapped());
            case "exhausted":
                return True(node, errors, new IsExhausted());
            case "outcome":
                return Outcome(node, errors);
            case "return_value":
                return new ReturnValueIs(NumberReader.Expectation(node, 32, scope));
            case "programs":
                return new ProgramsAre([.. node.Items(errors).Select(item => scope.Program(item))]);
            default:
                return new AttachFlagsAre((uint)node.Flags(CaseNames.AttachFlags, 32, errors));
        }
    }

    private static ExpectedField? Field(LocatedNode node, MapCreate? map, CaseScope scope)
    {
        if (FieldReader.Read(node, map, scope) is not { } field)
            return null;
        var expected = new ExpectedField(field.Offset, field.Cpu, field.Position, field.Width);
        return field.IsBytes
            ? expected with
            {
                Bytes = ImmutableArray.Create(field.Content.Hex(scope.Errors)),
            }
            : expected with
            {
                Number = NumberReader.Expectation(field.Content, field.Width * 8, scope),
            };
    }

    private static KeyIs Key(LocatedNode node, string map, CaseScope scope)
    {
        const int CgroupOnly = 8;
        var key = KeyReader.Read(node, map, scope, out var namesPadding);
        if (key is StorageKey storage && scope.FindMap(map)?.KeySize == CgroupOnly)
            key = storage with { AttachType = null };
        return new KeyIs(key, namesPadding);
    }

    private static IsRefused? Refused(LocatedNode node, ErrorSink errors)
    {
        if (Fields.Of(node, errors) is not { } fields)
            return null;
        var refused = new IsRefused(fields.Optional("errno")?.Errno(errors), fields.OptionalString("message"));
        fields.Done();
        return refused;
    }

    private static OutcomeIs? Outcome(LocatedNode node, ErrorSink errors)
    {
        switch (node.String(errors))
        {
            case "completed":
                return new OutcomeIs(EventOutcome.Completed);
            case "denied":
                return new OutcomeIs(EventOutcome.Denied);
            case "dropped":
                return new OutcomeIs(EventOutcome.Dropped);
            case { } other:
                errors.Add(node, $"unknown outcome \"{other}\": expected completed, denied or dropped");
                return null;
            default:
                return null;
        }
    }

    private static Condition? True(LocatedNode node, ErrorSink errors, Condition condition)
    {
        if (node.Boolean(errors))
            return condition;
        if (node.Kind == NodeKind.Boolean)
            errors.Add(node, "only true is meaningful: leave it out otherwise");
        return null;
    }

    private static void Done(Fields fields, string op)
    {
        foreach (var member in fields.Node.Members)
        {
            if (member.Name is "rule" or "errno" || ConditionsOf(op).Contains(member.Name))
                continue;
            var message = IsCondition(member.Name)
                ? $"\"{member.Name}\" cannot be expected of {op}"
                : $"unknown field \"{member.Name}\"";
            fields.Errors.Add(member.Value, message);
        }
    }

    private static bool IsCondition(string name) =>
        name
            is "value"
                or "size"
                or "key"
                or "refused"
                or "forbidden"
                or "programs"
                or "attach_flags"
                or "return_value"
                or "trapped"
                or "exhausted"
                or "outcome";
}
