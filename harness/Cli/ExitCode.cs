namespace Conformance.Cli;

/// <summary>What the command tells its caller. README.md lists them for users.</summary>
internal static class ExitCode
{
    /// <summary>Everything went as expected.</summary>
    public const int Ok = 0;

    /// <summary>The machine failed a case, or did not do its job in one; random programs or sequences showed something that is wrong.</summary>
    public const int Failures = 1;

    /// <summary>Wrong usage, or input that cannot be read.</summary>
    public const int BrokenInput = 2;

    /// <summary>Nothing could be run: no machine, or no case that applies to it.</summary>
    public const int NothingRun = 3;

    /// <summary>A bug in this program (EX_SOFTWARE of sysexits.h).</summary>
    public const int Bug = 70;

    /// <summary>Interrupted, as shells report SIGINT (128 + 2).</summary>
    public const int Interrupted = 130;
}
