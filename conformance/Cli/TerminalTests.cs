using Conformance.Cli;
using Conformance.Cli.Output;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Spectre.Console;
using Progress = Conformance.Cli.Output.Progress;

namespace Conformance.Tests.Cli;

public sealed class TerminalTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private static Terminal With(int? columns, int? watched, string? name = null, string? value = null) =>
        new Terminal(TextWriter.Null, TextWriter.Null).With(columns, watched, asked => asked == name ? value : null);

    [Fact]
    public void A_terminal_has_colours_and_progress()
    {
        var terminal = With(120, 120);
        terminal.Colour.Should().BeTrue();
        terminal.Watched.Should().BeTrue();
        terminal.Width.Should().Be(120);
    }

    [Fact]
    public void A_dumb_terminal_has_neither_colours_nor_progress()
    {
        var terminal = With(120, 120, "TERM", "dumb");
        terminal.Colour.Should().BeFalse();
        terminal.Watched.Should().BeFalse();
    }

    [Fact]
    public void No_color_leaves_the_progress() =>
        With(120, 120, "NO_COLOR", "1").Should().BeEquivalentTo(new { Colour = false, Watched = true });

    [Fact]
    public void A_pipe_is_plain() =>
        With(null, null)
            .Should()
            .BeEquivalentTo(
                new
                {
                    Colour = false,
                    Watched = false,
                    Width = 80,
                }
            );

    [Theory]
    [InlineData(40, 40)]
    [InlineData(200, 200)]
    [InlineData(0, 80)]
    public void Progress_has_the_columns_there_are(int columns, int width) =>
        With(null, columns).ProgressWidth.Should().Be(width);

    [Fact]
    public void A_plain_matrix_never_touches_the_colours_of_the_process()
    {
        // The console without ANSI resets the process's own terminal; the one with ANSI writes text and nothing else.
        var console = MatrixTable.Console(new Terminal(TextWriter.Null, TextWriter.Null) { Colour = false });
        console.Profile.Capabilities.Ansi.Should().BeTrue();
        console.Profile.Capabilities.ColorSystem.Should().Be(ColorSystem.NoColors);
    }

    [Fact]
    public void A_line_of_progress_fits_and_is_wiped_without_escape_sequences()
    {
        var text = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, text) { Watched = true, ProgressWidth = 12 };
        var @case = VectorSet.Load(_vectors.Folder).Set!.Cases[0];
        var progress = new Progress(terminal, cases: 5);
        progress.Advance(CaseRecord.Of(new CaseResult(@case, CaseOutcome.Passed), ""));
        progress.Clear();
        text.ToString().Should().Be($"\r{$"1/5  {@case.Id}"[..11]}\r{new string(' ', 11)}\r");
    }
}
