namespace Conformance.Harness.Vectors;

/// <summary>What sort of error it is.</summary>
public enum LoadErrorKind
{
    /// <summary>A file is not what it should be: nothing can be run.</summary>
    Broken,

    /// <summary>Every file is sound, but a rule has neither a vector nor a reason for having none, or a stale reason.</summary>
    Coverage,
}

/// <summary>Something wrong in the vectors, and where.</summary>
/// <param name="File">Path of the file or directory.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) of the value, or of the object where something is missing; empty for the whole file.</param>
/// <param name="Line">Line of that value, from 1; null where the file could not be read.</param>
/// <param name="Message">What is wrong.</param>
public sealed record LoadError(string File, string Pointer, int? Line, string Message)
{
    /// <summary>What sort of error it is.</summary>
    public LoadErrorKind Kind { get; init; }

    /// <summary>The first case for which it is wrong, where it shows only in expansion.</summary>
    public string? Case { get; init; }

    /// <summary><c>file:line pointer: message</c>.</summary>
    public override string ToString()
    {
        var place = Line is { } line ? $"{File}:{line}" : File;
        var pointer = Pointer.Length > 0 ? $" {Pointer}" : "";
        var at = Case is null ? "" : $" (in case {Case})";
        return $"{place}{pointer}: {Message}{at}";
    }
}
