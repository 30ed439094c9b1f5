using Conformance.Harness.Vectors;

namespace Conformance.Tests.Harness.Vectors;

/// <summary>A vectors folder made for one test.</summary>
internal sealed class VectorFolder : IDisposable
{
    /// <summary>Two core rules, and one of each kind that does not bind every machine.</summary>
    public const string Rules = """
        { "rules": [
          { "id": "area.first", "sentence": "First.", "level": "core", "since": "4.19", "source": ["a.c f"], "known": "measured", "why": "Because.",
            "no_vector": { "kind": "out_of_scope", "reason": "may have one" } },
          { "id": "area.second", "sentence": "Second.", "level": "core", "since": "4.19", "source": ["a.c f"], "known": "source", "why": "Because.",
            "no_vector": { "kind": "out_of_scope", "reason": "may have one" } },
          { "id": "area.linux", "sentence": "Linux.", "level": "linux", "since": "5.9", "fixed_in": ["5.4.10"], "source": ["a.c f"], "known": "measured",
            "why": "Because.", "no_vector": { "kind": "out_of_scope", "reason": "may have one" } }
        ] }
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vectors-test-");

    public VectorFolder(string rules = Rules) => Write("rules.json", rules);

    public string Path => _directory.FullName;

    public VectorFolder Write(string relative, string text)
    {
        var file = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    /// <summary>Loads, without the remarks on coverage unless they are asked for.</summary>
    public VectorLoad Load(bool coverage = false)
    {
        var load = VectorSet.Load(Path);
        return coverage
            ? load
            : load with
            {
                Errors = [.. load.Errors.Where(error => error.Kind == LoadErrorKind.Broken)],
            };
    }

    /// <summary>The cases of one vector, <c>area.test</c>, which must be sound.</summary>
    public static VectorSet Sound(string members, string rules = "\"area.first\"")
    {
        using var folder = new VectorFolder();
        folder.Write("area/test.json", Vector(members, rules));
        var load = folder.Load();
        string.Join('\n', load.Errors).Should().BeEmpty();
        return load.Set!;
    }

    /// <summary>The text of the vector <c>area.test</c> with these further members.</summary>
    public static string Vector(string members, string rules = "\"area.first\"") =>
        $$"""
            { "id": "area.test", "title": "A test", "rules": [{{rules}}], "catches": "a bug",
              {{members}} }
            """;

    public void Dispose() => _directory.Delete(recursive: true);
}
