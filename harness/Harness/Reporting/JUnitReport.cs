using System.Globalization;
using System.Xml;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>
/// JUnit's XML as CI systems read it: a suite for the run, a class for each vector, a test for each case. What JUnit has no word for
/// (not applicable, expected failures, flaky cases) is <c>skipped</c> with the reason.
/// </summary>
public static class JUnitReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(RunRecord run, TextWriter writer)
    {
        // Not closing the output: the writer belongs to the caller.
        var settings = new XmlWriterSettings
        {
            Indent = true,
            NewLineChars = "\n",
            OmitXmlDeclaration = false,
            CloseOutput = false,
        };
        using var xml = XmlWriter.Create(writer, settings);
        xml.WriteStartElement("testsuites");
        WriteTotals(xml, run);
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", $"helper-conformance.{run.Header.Vm.Name}");
        WriteTotals(xml, run);
        WriteProperties(xml, run);
        foreach (var result in run.Results)
        {
            WriteCase(xml, result);
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteTotals(XmlWriter xml, RunRecord run)
    {
        var summary = run.Summary;
        xml.WriteAttributeString("tests", Text(summary.Total));
        xml.WriteAttributeString("failures", Text(summary.Failed + summary.UnexpectedPass));
        xml.WriteAttributeString("errors", Text(summary.Errored));
        xml.WriteAttributeString(
            "skipped",
            Text(summary.Skipped + summary.NotApplicable + summary.ExpectedFailure + summary.Flaky)
        );
        xml.WriteAttributeString("time", Seconds(run.Results.Sum(result => result.DurationMs)));
    }

    private static void WriteProperties(XmlWriter xml, RunRecord run)
    {
        xml.WriteStartElement("properties");
        Property("suite", run.Header.Suite);
        Property("vm", run.Header.Vm.Name);
        Property("vm.version", run.Header.Vm.Version);
        Property("vm.kernel", run.Header.Vm.Kernel ?? "");
        Property("interrupted", run.Interrupted ? "true" : "false");
        xml.WriteEndElement();

        void Property(string name, string value)
        {
            xml.WriteStartElement("property");
            xml.WriteAttributeString("name", name);
            xml.WriteAttributeString("value", Legal(value));
            xml.WriteEndElement();
        }
    }

    private static void WriteCase(XmlWriter xml, CaseRecord result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", result.Vector);
        xml.WriteAttributeString("name", result.Id);
        xml.WriteAttributeString("time", Seconds(result.DurationMs));
        var element = result.Outcome switch
        {
            CaseOutcome.Passed => null,
            CaseOutcome.Failed or CaseOutcome.UnexpectedPass => "failure",
            CaseOutcome.Errored => "error",
            CaseOutcome.Skipped or CaseOutcome.NotApplicable or CaseOutcome.ExpectedFailure or CaseOutcome.Flaky =>
                "skipped",
            _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "an outcome unknown to JUnit"),
        };
        if (element is not null)
        {
            xml.WriteStartElement(element);
            xml.WriteAttributeString("message", Legal(Message(result)));
            if (element == "failure")
            {
                xml.WriteAttributeString("type", result.Failure?.Rule ?? "unexpected_pass");
            }

            if (element != "skipped")
            {
                xml.WriteString(Legal("\n" + string.Join('\n', FailureText.Lines(result)) + "\n"));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Message(CaseRecord result) =>
        result switch
        {
            { Outcome: CaseOutcome.NotApplicable } => $"not applicable: {result.Message}",
            { Outcome: CaseOutcome.ExpectedFailure, Expectation: { } listed } =>
                $"expected failure: {listed.Reason}: {result.Message}",
            { Outcome: CaseOutcome.UnexpectedPass, Expectation: { } listed } =>
                $"passed, but is listed as {listed.Pattern}: {listed.Reason}",
            { Outcome: CaseOutcome.Flaky, Expectation: { } listed } =>
                $"flaky: {listed.Reason}: {result.Message ?? "passed"}",
            _ => result.Message ?? "",
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double milliseconds) =>
        (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML has no place for most control characters, not even escaped; a machine's message may hold any.</summary>
    private static string Legal(string text) =>
        text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));
}
