namespace Conformance.Tests.Cli;

/// <summary>A folder of vectors of its own, so that what the command prints does not change with the real ones.</summary>
internal sealed class SampleVectors : IDisposable
{
    private const string Rules = """
        {
          "rules": [
            {
              "id": "sample.zeroed",
              "sentence": "A storage that nobody wrote to holds zeros.",
              "level": "core",
              "since": "4.19",
              "source": ["kernel/bpf/local_storage.c bpf_cgroup_storage_alloc"],
              "numbers": ["E5"],
              "known": "measured",
              "why": "A program must be able to rely on its first value."
            },
            {
              "id": "sample.written",
              "sentence": "What a program wrote is there for user space.",
              "level": "linux",
              "since": "4.19",
              "source": ["kernel/bpf/local_storage.c cgroup_storage_lookup_elem"],
              "numbers": ["E6"],
              "known": "source",
              "why": "The map is how a program reports."
            },
            {
              "id": "sample.unseen",
              "sentence": "Nobody can see this.",
              "level": "core",
              "since": "5.9",
              "source": ["nowhere"],
              "numbers": ["E7"],
              "known": "source",
              "why": "It is invisible.",
              "no_vector": { "kind": "not_observable", "reason": "There is no way to look." }
            }
          ]
        }
        """;

    private const string Zeroed = """
        {
          "id": "sample.zeroed",
          "title": "A storage begins as zeros",
          "rules": ["sample.zeroed"],
          "catches": "a VM that hands out memory as it finds it",
          "for_each": { "attach_type": ["cgroup_inet_egress", "cgroup_sysctl"], "key_size": "all" },
          "cgroups": { "a": null },
          "maps": { "storage": { "type": "cgroup_storage", "key_size": "$key_size", "value_size": 8 } },
          "programs": {
            "touch": { "source": ["r1 = map[storage] ll", "r2 = 0", "call bpf_get_local_storage#81", "r0 = 1", "exit"] }
          },
          "steps": [
            { "op": "prog_attach", "program": "touch", "cgroup": "a" },
            { "op": "fire", "cgroup": "a", "times": 2 },
            { "op": "map_lookup_elem", "map": "storage", "key": { "cgroup": "a" },
              "why": "user space sees what programs see",
              "expect": { "value": [{ "offset": 0, "u64": 0 }] } }
          ]
        }
        """;

    private const string Written = """
        {
          "id": "sample.written",
          "title": "A program's write is seen by a lookup",
          "rules": ["sample.written"],
          "catches": "a VM that looks up a copy",
          "for_each": { "attach_type": ["cgroup_device"] },
          "cgroups": { "a": null, "b": "a" },
          "maps": { "storage": { "type": "cgroup_storage", "key_size": 8, "value_size": 8 } },
          "programs": {
            "write": {
              "source": [
                "r1 = map[storage] ll", "r2 = 0", "call bpf_get_local_storage#81",
                "if r0 == 0 goto out", "*(u64 *)(r0 + 0) = 7", "out:", "r0 = 1", "exit"
              ]
            }
          },
          "steps": [
            { "op": "prog_attach", "program": "write", "cgroup": "a", "flags": ["allow_multi"] },
            { "op": "fire", "cgroup": "b" },
            { "op": "map_lookup_elem", "map": "storage", "key": { "cgroup": "a" },
              "expect": { "value": [{ "offset": 0, "u64": { "min": 7, "bind": "seen" } }] } }
          ]
        }
        """;

    public SampleVectors()
    {
        Write("rules.json", Rules);
        Write("sample/zeroed.json", Zeroed);
        Write("sample/written.json", Written);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("vectors").FullName;

    /// <summary>Writes a file, of a vector or a report.</summary>
    public string Write(string file, string text)
    {
        var path = PathOf(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Replaces a text that must be there.</summary>
    public void Change(string file, string from, string to)
    {
        var text = File.ReadAllText(PathOf(file));
        text.Should().Contain(from);
        Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
