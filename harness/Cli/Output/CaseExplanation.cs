using Conformance.Harness.Machines;
using Conformance.Harness.Reporting;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Cli.Output;

/// <summary>A vector or one of its cases: its world, its programs, what happens and what must be seen.</summary>
internal static class CaseExplanation
{
    public static void Write(Vector vector, VectorSet set, CertificationLines certified, Paragraphs text)
    {
        var cases = set.Cases.Where(@case => @case.Vector.Id == vector.Id).ToArray();
        Describe($"{vector.Id} (vector)", vector, set, text);
        foreach (var (index, axis) in vector.Axes.Index())
        {
            var labels = cases.Select(@case => @case.Labels[index].Label).Distinct(StringComparer.Ordinal).ToArray();
            text.Labelled(index == 0 ? "axes" : "", $"{axis} ({labels.Length}): {string.Join(", ", labels)}");
        }

        certified.Write(vector, text);
        text.Labelled("cases", $"{cases.Length}, of which the first is {cases[0].Id}:");
        World(cases[0], text);
    }

    public static void Write(Case @case, VectorSet set, CertificationLines certified, Paragraphs text)
    {
        Describe($"{@case.Id} (case)", @case.Vector, set, text);
        certified.Write(@case, text);
        World(@case, text);
    }

    private static void Describe(string heading, Vector vector, VectorSet set, Paragraphs text)
    {
        text.Heading(heading);
        text.Gap();
        text.Labelled("", vector.Title);
        text.Gap();
        text.Labelled("catches", vector.Catches);
        var label = "rules";
        foreach (var rule in vector.Rules)
        {
            text.Labelled(label, rule);
            text.Labelled("", set.Rules[rule].Sentence);
            label = "";
        }
    }

    private static void World(Case @case, Paragraphs text)
    {
        text.Gap();
        text.Lines("cgroups", @case.Cgroups.Select(Text));
        text.Lines("maps", @case.Maps.Select(Text));
        foreach (var program in @case.Programs)
        {
            var load = program.Load;
            text.Gap();
            text.Lines(
                "program",
                [$"{program.Name} ({Names.Of(load.Type)}, expected attach type {Names.Of(load.ExpectedAttachType)})"]
            );
            if (program.Source is { } source)
            {
                text.Lines("source", source);
            }

            text.Lines("bytecode", ProgramListing.Of(load));
        }

        text.Gap();
        foreach (var step in @case.Steps)
        {
            text.Lines($"step {step.Index}", Lines(step));
        }
    }

    private static IEnumerable<string> Lines(Step step)
    {
        yield return step.Tracks.Count == 0 ? step.Text : "parallel:";
        foreach (var track in step.Tracks)
        {
            yield return $"  {track.Name}:";
            foreach (var line in track.Steps.SelectMany(Lines))
            {
                yield return $"    {line}";
            }
        }

        foreach (var expectation in step.Expectations.SelectMany(StepText.Of))
        {
            yield return $"  expect {expectation}";
        }

        if (step.Eventually)
        {
            yield return "  (repeated until it holds)";
        }

        if (step.Why is { } why)
        {
            yield return $"  because {why}";
        }
    }

    private static string Text(CgroupCreate cgroup) =>
        cgroup.Parent is null ? cgroup.Cgroup : $"{cgroup.Cgroup} (child of {cgroup.Parent})";

    private static string Text(MapCreate map) => OperationText.Of(map)["map_create ".Length..];
}
