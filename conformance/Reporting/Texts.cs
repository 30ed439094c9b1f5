using System.Text;
using Conformance.Harness.Reporting;

namespace Conformance.Tests.Reporting;

/// <summary>Reports as text.</summary>
internal static class Texts
{
    public static string Json(RunRecord run)
    {
        var text = new StringWriter();
        JsonReport.Write(run, text);
        return text.ToString();
    }

    public static string Lines(RunRecord run)
    {
        var text = new StringWriter();
        var recorder = new RunRecorder(run.Header, [text]);
        foreach (var result in run.Results)
        {
            recorder.Add(result);
        }

        recorder.Finish(run.Interrupted);
        return text.ToString();
    }

    public static string JUnit(RunRecord run)
    {
        var text = new Utf8StringWriter();
        JUnitReport.Write(run, text);
        return text.ToString();
    }

    /// <summary>XML declares the encoding of the writer; reports are files in UTF-8.</summary>
    private sealed class Utf8StringWriter : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
