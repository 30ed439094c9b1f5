namespace Conformance.Cli;

/// <summary>Where the command writes, and what the reader at the other end can show.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Complaints and progress.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error)
{
    /// <summary>Width that every terminal has, and what piped output is laid out for.</summary>
    public const int UsualWidth = 80;

    /// <summary>What is piped in.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Columns to lay tables out for.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>Whether <see cref="Out"/> shows colours.</summary>
    public bool Colour { get; init; }

    /// <summary>Whether somebody watches <see cref="Error"/>, so that a line of progress is of use.</summary>
    public bool Watched { get; init; }

    /// <summary>How the reader starts the command again.</summary>
    public string Command { get; init; } = OwnCommand.Name;

    /// <summary>The terminal of this process. NO_COLOR is heeded: no-color.org.</summary>
    public static Terminal OfProcess() =>
        new(Console.Out, Console.Error)
        {
            In = Console.In,
            Width = Console.IsOutputRedirected ? UsualWidth : Math.Max(UsualWidth, Console.WindowWidth),
            Colour =
                !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Watched = !Console.IsErrorRedirected,
            Command = OwnCommand.OfProcess(),
        };

    /// <summary>Says what is wrong with the input; the exit code for it.</summary>
    public int Refuse(string message)
    {
        Error.WriteLine($"error: {message}");
        return ExitCode.BrokenInput;
    }
}
