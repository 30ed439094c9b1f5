using Conformance.Harness.Reporting;
using Conformance.Harness.Reporting.Html;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.Tests.Documentation;

namespace Conformance.Tests.Reporting;

/// <summary>A report of all cases of the suite on three machines, as a file: one keeps all rules, one breaks some and says terrible things, one did not get far.</summary>
public sealed class HtmlReportFile : IDisposable
{
    private static readonly Case[] Cases = [.. GeneratedBook.Set.Cases];

    public HtmlReportFile()
    {
        using var writer = new StreamWriter(Path);
        HtmlReport.Write([Good, Bad, Cut], GeneratedBook.Set, "0.1.0", writer);
    }

    /// <summary>The case that fails on the second machine.</summary>
    internal static string Broken { get; } = Cases[100].Id;

    internal static string BrokenRule { get; } = Cases[100].Vector.Rules[0];

    /// <summary>The one that errors there.</summary>
    internal static string Errored { get; } = Cases[200].Id;

    /// <summary>The one that is expected to fail there.</summary>
    internal static string Known { get; } = Cases[300].Id;

    internal string Path { get; } = System.IO.Path.GetTempFileName() + ".html";

    internal string Address => new Uri(Path).AbsoluteUri;

    internal static int Count => Cases.Length;

    internal static RunRecord Good { get; } = Run("good", "1", [.. Cases.Select(Passed)]);

    internal static RunRecord Bad { get; } = Run("<b>bad</b>", "2", [.. Cases.Select(Passed).Select(Worsened)]);

    private static RunRecord Cut { get; } =
        new(Good.Header with { Vm = new VmRecord("cut", "3", null, 1) }, [.. Good.Results.Take(50)], Interrupted: true);

    public void Dispose() => File.Delete(Path);

    private static RunRecord Run(string name, string version, CaseRecord[] results) =>
        new(new RunHeader("0.1.0", new VmRecord(name, version, "6.18.44", 4), results.Length), results, false);

    private static CaseRecord Passed(Case @case) =>
        CaseRecord.Of(new CaseResult(@case, CaseOutcome.Passed), "helper-conformance run");

    private static CaseRecord Worsened(CaseRecord result) =>
        result.Id == Broken ? Failed(result)
        : result.Id == Errored
            ? result with
            {
                Outcome = CaseOutcome.Errored,
                Message = TextReportTests.Hostile,
                StandardError = [TextReportTests.Hostile],
                Reproduce = $"helper-conformance run --vm ./bad --filter '{result.Id}'",
            }
        : result.Id == Known
            ? Failed(result) with
            {
                Outcome = CaseOutcome.ExpectedFailure,
                Expectation = new ExpectationRecord(
                    CaseOutcome.Failed,
                    CaseOutcome.Failed,
                    "percpu.*",
                    "it is known",
                    "javascript:alert(1)",
                    "somebody"
                ),
            }
        : result;

    private static CaseRecord Failed(CaseRecord result)
    {
        var @case = Cases.First(one => one.Id == result.Id);
        return result with
        {
            Outcome = CaseOutcome.Failed,
            Message = "a message",
            Failure = SampleRun.Failed.Failure! with
            {
                Rule = result.Rules[0],
                Log = TextReportTests.Hostile,
                Actual = TextReportTests.Hostile,
            },
            StandardError = ["<img src=x onerror=alert(1)>"],
            Steps =
            [
                .. RecordedStep
                    .Of(@case)
                    .Select(
                        (step, index) =>
                            step with
                            {
                                Actual = index == 0 ? "success" : null,
                                State = index == 0 ? StepState.Violated : StepState.NotReached,
                            }
                    ),
            ],
            Reproduce = $"helper-conformance run --vm ./bad --filter '{result.Id}'",
        };
    }
}
