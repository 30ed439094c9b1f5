using Conformance.Cli;
using Conformance.Cli.Output;
using Conformance.Harness.Reporting;
using Conformance.Tests.Reporting;

namespace Conformance.Tests.Cli;

public sealed class MatrixTableTests
{
    [Fact]
    public Task The_matrix_fits_80_columns_without_colours() => Snapshot.Verify(Render(colour: false));

    [Fact]
    public void Colours_change_nothing_but_colours()
    {
        var coloured = Render(colour: true);
        coloured.Should().Contain("\e[");
        var plain = string.Concat(
            coloured.Split("\e[").Select((part, i) => i == 0 ? part : part[(part.IndexOf('m') + 1)..])
        );
        plain.Should().Be(Render(colour: false));
    }

    [Fact]
    public void No_line_is_longer_than_80_columns() =>
        Render(colour: false).Split('\n').Select(line => line.Length).Max().Should().BeLessThanOrEqualTo(80);

    private static string Render(bool colour)
    {
        var text = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(text, TextWriter.Null) { Colour = colour };
        MatrixTable.Write(RuleMatrix.Of(SampleRun.Rules, SampleRun.Record.Results), terminal);
        return text.ToString();
    }
}
