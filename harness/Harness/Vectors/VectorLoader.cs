using Conformance.Harness.Json;
using Conformance.Harness.Rules;

namespace Conformance.Harness.Vectors;

/// <summary>Loads a vectors folder: the catalogue, every vector, and what must hold between them.</summary>
/// <param name="directory">The folder.</param>
internal sealed class VectorLoader(string directory)
{
    // What lies in the folder and is no vector.
    private static readonly string[] OtherFiles = [VectorLocation.RulesFile, "certified.json"];
    private const string SchemaFolder = "schema";

    private readonly FileDigest _digest = new();

    /// <param name="only">The files to load instead of the folder's, or null.</param>
    public VectorLoad Load(IReadOnlyList<string>? only = null)
    {
        if (!Directory.Exists(directory))
            return Failed(File.Exists(directory) ? "is a file, not a folder of vectors" : "there is no such folder");

        var ruleErrors = new ErrorSink(Path.Combine(directory, VectorLocation.RulesFile));
        var entries = Rules(ruleErrors);
        var rules = entries is null ? null : new RuleCatalogue([.. entries.Select(entry => entry.Rule)]);

        var vectors = new List<VectorFile>();
        var vectorErrors = new List<LoadError>();
        var files = only ?? Files(vectorErrors);
        foreach (var (read, root, errors) in ReadAll(files, rules, only is null ? IdOf : IdAnywhere))
        {
            if (read is not null)
            {
                if (vectors.Exists(other => read.Vector.Id.Length > 0 && other.Vector.Id == read.Vector.Id))
                    errors.Add(root!.Member("id")!, $"another vector has the id \"{read.Vector.Id}\" too");
                vectors.Add(read);
            }

            vectorErrors.AddRange(errors.Errors);
        }

        if (files.Count == 0 && vectorErrors.Count == 0)
            vectorErrors.Add(new LoadError(directory, "", null, "there are no vectors in it"));
        IReadOnlyList<LoadError> broken = [.. ruleErrors.Errors, .. vectorErrors];
        var gaps = new ErrorSink(Path.Combine(directory, VectorLocation.RulesFile));
        // What an unreadable file would have covered is not known: a gap there would only be its echo.
        if (only is null && vectors.Count == files.Count)
            Coverage(entries ?? [], vectors, gaps);
        var set =
            broken.Count > 0 || rules is null
                ? null
                : new VectorSet(
                    rules,
                    [.. vectors.Select(read => read.Vector)],
                    [.. vectors.SelectMany(read => read.Cases)]
                )
                {
                    Digest = _digest.Text,
                };
        return new VectorLoad(
            set,
            [.. broken, .. gaps.Errors.Select(gap => gap with { Kind = LoadErrorKind.Coverage })]
        );
    }

    // Files do not depend on each other, and expanding them is most of the work.
    private (VectorFile? Read, LocatedNode? Root, ErrorSink Errors)[] ReadAll(
        IReadOnlyList<string> files,
        RuleCatalogue? rules,
        Func<string, string> idOf
    )
    {
        var reader = new VectorReader(rules, new ProgramReader(new SourceAssembler()));
        var results = new (VectorFile?, LocatedNode?, ErrorSink)[files.Count];
        System.Threading.Tasks.Parallel.For(
            0,
            files.Count,
            index =>
            {
                var file = files[index];
                var errors = new ErrorSink(file);
                var id = idOf(file);
                var root = Parse(file, id, errors);
                results[index] = (root is null ? null : reader.Read(root, file, id, errors), root, errors);
            }
        );
        return results;
    }

    private IReadOnlyList<(Rule Rule, LocatedNode Node)>? Rules(ErrorSink errors)
    {
        var file = Path.Combine(directory, VectorLocation.RulesFile);
        if (File.Exists(file))
            return Parse(file, VectorLocation.RulesFile, errors) is { } root ? RuleReader.Read(root, errors) : null;
        errors.Add("", line: null, "the catalogue of rules is missing");
        return null;
    }

    // design: every rule has at least one vector or a written reason why not.
    private static void Coverage(
        IReadOnlyList<(Rule Rule, LocatedNode Node)> rules,
        List<VectorFile> vectors,
        ErrorSink errors
    )
    {
        var covered = vectors
            .Where(read => read.Vector.Kind == VectorKind.Vector)
            .SelectMany(read => read.Vector.Rules)
            .ToHashSet();
        foreach (var (rule, node) in rules)
        {
            if (rule.NoVector is null && !covered.Contains(rule.Id))
                errors.Add(node, $"the rule \"{rule.Id}\" has neither a vector nor a \"no_vector\" reason");
            if (rule.NoVector is not null && covered.Contains(rule.Id))
                errors.Add(node.Member("no_vector")!, $"the rule \"{rule.Id}\" has vectors, so this reason is stale");
        }
    }

    private IReadOnlyList<string> Files(List<LoadError> errors)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles(directory, "*.json", SearchOption.AllDirectories)
                    .Where(file => !IsOther(Path.GetRelativePath(directory, file)))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            errors.Add(new LoadError(directory, "", null, $"cannot be listed: {broken.Message}"));
            return [];
        }
    }

    private static bool IsOther(string relative) =>
        OtherFiles.Contains(relative)
        || relative.StartsWith(SchemaFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // pointer/stable-across-runs.json -> pointer.stable-across-runs
    private string IdOf(string file) =>
        Path.ChangeExtension(Path.GetRelativePath(directory, file), null).Replace(Path.DirectorySeparatorChar, '.');

    private static string IdAnywhere(string file) =>
        $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))}.{Path.GetFileNameWithoutExtension(file)}";

    private LocatedNode? Parse(string file, string name, ErrorSink errors)
    {
        try
        {
            var text = File.ReadAllBytes(file);
            _digest.Add(name, text);
            return LocatedJson.Parse(text, errors);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            errors.Add("", line: null, $"cannot be read: {broken.Message}");
            return null;
        }
    }

    private VectorLoad Failed(string message) => new(Set: null, [new LoadError(directory, "", null, message)]);
}

/// <summary>What one file held.</summary>
internal sealed record VectorFile(Vector Vector, IReadOnlyList<Case> Cases);
