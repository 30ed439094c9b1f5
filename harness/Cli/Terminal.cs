namespace Conformance.Cli;

/// <summary>Where the command writes, and what the reader at the other end can show.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Complaints and progress.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error)
{
    /// <summary>What piped output is laid out for, and the least that a table needs.</summary>
    public const int UsualWidth = 80;

    /// <summary>What is piped in.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>The same as bytes, for whoever speaks a protocol and no text.</summary>
    public Stream Requests { get; init; } = Stream.Null;

    /// <summary>Where that protocol's answers go.</summary>
    public Stream Answers { get; init; } = Stream.Null;

    /// <summary>Columns to lay tables out for.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>Columns there are: a line of progress that wraps cannot be rewritten.</summary>
    public int ProgressWidth { get; init; } = UsualWidth;

    /// <summary>Whether <see cref="Out"/> shows colours.</summary>
    public bool Colour { get; init; }

    /// <summary>Whether somebody watches <see cref="Error"/>, so that a line of progress is of use.</summary>
    public bool Watched { get; init; }

    /// <summary>How the reader starts the command again.</summary>
    public string Command { get; init; } = OwnCommand.Name;

    /// <summary>What the time of a run is read from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        var terminal = new Terminal(Console.Out, Console.Error)
        {
            In = Console.In,
            Requests = Console.OpenStandardInput(),
            Answers = Console.OpenStandardOutput(),
            Command = OwnCommand.OfProcess(),
        };
        return terminal.With(
            Console.IsOutputRedirected ? null : Console.WindowWidth,
            Console.IsErrorRedirected ? null : Console.WindowWidth,
            Environment.GetEnvironmentVariable
        );
    }

    /// <summary>What the two ends can show. NO_COLOR is heeded (no-color.org), and so is TERM=dumb, which cannot rewrite a line either.</summary>
    /// <param name="columns">Columns of the terminal that <see cref="Out"/> is, 0 where it does not know; null where it is none.</param>
    /// <param name="watchedColumns">The same of <see cref="Error"/>.</param>
    internal Terminal With(int? columns, int? watchedColumns, Func<string, string?> variable)
    {
        var dumb = variable("TERM") == "dumb";
        return this with
        {
            Width = Math.Max(UsualWidth, columns ?? UsualWidth),
            ProgressWidth = watchedColumns is > 0 and var known ? known : UsualWidth,
            Colour = columns is not null && !dumb && string.IsNullOrEmpty(variable("NO_COLOR")),
            Watched = watchedColumns is not null && !dumb,
        };
    }

    /// <summary>Says what is wrong with the input; the exit code for it.</summary>
    public int Refuse(string message)
    {
        Error.WriteLine($"error: {message}");
        return ExitCode.BrokenInput;
    }
}
