using Conformance.Tests.Cli;

namespace Conformance.Tests.Documentation;

/// <summary>Sample vectors that a book can be made of: they have the worked example.</summary>
internal static class SampleBook
{
    private const string WorkedExample = """
        {
          "id": "user.traffic-per-cgroup",
          "title": "Packets are counted",
          "rules": ["sample.written"],
          "catches": "a VM that does not count",
          "cgroups": { "a": null },
          "maps": { "storage": { "type": "cgroup_storage", "key_size": 16, "value_size": 8 } },
          "programs": {
            "count": {
              "type": "cgroup_skb",
              "expected_attach_type": "cgroup_inet_egress",
              "source": [
                "r1 = map[storage] ll", "r2 = 0", "call bpf_get_local_storage#81",
                "r1 = 1", "lock *(u64 *)(r0 + 0) += r1", "r0 = 1", "exit"
              ]
            }
          },
          "steps": [
            { "op": "prog_attach", "program": "count", "cgroup": "a", "attach_type": "cgroup_inet_egress" },
            { "op": "fire", "cgroup": "a", "attach_type": "cgroup_inet_egress", "times": 5 },
            { "op": "map_lookup_elem", "map": "storage", "key": { "cgroup": "a", "attach_type": "cgroup_inet_egress" },
              "expect": { "value": [{ "offset": 0, "u64": 5 }] } }
          ]
        }
        """;

    public static void AddTo(SampleVectors vectors) => vectors.Write("user/traffic-per-cgroup.json", WorkedExample);
}
