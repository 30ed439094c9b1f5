using Conformance.Harness.Vectors;

namespace Conformance.Harness.Json;

/// <summary>Collects the errors of one file; the same error of several cases counts once.</summary>
/// <param name="file">Path of the file.</param>
internal sealed class ErrorSink(string file)
{
    private readonly List<LoadError> _errors = [];
    private readonly HashSet<(string Pointer, string Message)> _seen = [];

    public IReadOnlyList<LoadError> Errors => _errors;

    public int Count => _errors.Count;

    /// <summary>The case that is being expanded, or null.</summary>
    public string? Case { get; set; }

    public void Add(string pointer, int? line, string message)
    {
        if (_seen.Add((pointer, message)))
            _errors.Add(new LoadError(file, pointer, line, message) { Case = Case });
    }

    public void Add(LocatedNode node, string message) => Add(node.Pointer, node.Line, message);
}
