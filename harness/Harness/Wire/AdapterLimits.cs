namespace Conformance.Harness.Wire;

/// <summary>How long an adapter may take. Whoever takes longer counts as hung, and is ended.</summary>
public sealed record AdapterLimits
{
    /// <summary>From the start to the answer to <c>hello</c>: an adapter may have to boot something.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For one request, from when the one before was answered. Tracks wait up to ten seconds for each other.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For all requests of one case.</summary>
    public TimeSpan Case { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From the end of its standard input to its own end, before it is sent SIGTERM.</summary>
    public TimeSpan End { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From SIGTERM to SIGKILL.</summary>
    public TimeSpan Termination { get; init; } = TimeSpan.FromSeconds(1);
}
