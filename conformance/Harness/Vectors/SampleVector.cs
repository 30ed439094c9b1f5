namespace Conformance.Tests.Harness.Vectors;

/// <summary>A sound vector that uses every part of the format; broken ones differ from it in one place.</summary>
internal static class SampleVector
{
    public const string Text = """
        {
          "$schema": "../schema/vector.schema.json",
          "id": "area.test",
          "title": "Everything at once",
          "rules": ["area.first", "area.second"],
          "catches": "a loader that forgets something",
          "for_each": { "attach_type": ["cgroup_device", "cgroup_sysctl"], "storage_kind": "all", "key_size": "all", "flags": [0, "0x1"],
            "form": [{ "name": "plain", "lines": ["r0 = 1"] }] },
          "cgroups": { "a": null, "b": "a", "late": null },
          "maps": {
            "storage": { "type": "$storage_map", "key_size": "$key_size", "value_size": 16 },
            "table": { "type": "array", "key_size": 4, "value_size": 8, "max_entries": 1, "flags": ["rdonly_prog"], "spin_lock_offset": 0 },
            "jumps": { "type": "prog_array", "key_size": 4, "value_size": 4, "max_entries": 1, "flags": "0x0" }
          },
          "programs": {
            "run": { "source": ["r1 = map[storage] ll", "r2 = 0", "call bpf_get_local_storage#81", "$form.lines", "exit"], "log_level": 1 },
            "raw": { "type": "$other_program_type", "expected_attach_type": "$other_attach_type", "flags": ["any_alignment"],
              "instructions": "18 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 b7 00 00 00 01 00 00 00 95 00 00 00 00 00 00 00",
              "maps": [{ "instruction": 0, "map": "table" }] }
          },
          "steps": [
            { "op": "cgroup_create", "cgroup": "late" },
            { "op": "prog_load", "program": "raw", "expect": [{ "forbidden": true }, { "rule": "area.second", "refused": { "errno": "EINVAL", "message": "no" } }] },
            { "op": "prog_attach", "program": "run", "cgroup": "a", "flags": ["allow_multi"], "expected_revision": 0, "why": "to see it run" },
            { "op": "prog_attach", "program": "run", "cgroup": "b", "attach_type": "$other_attach_type", "relative": "run", "replace": "run" },
            { "op": "fire", "cgroup": "a", "cpu": 1, "times": 2, "event": { "access": "write", "level": 1, "option_value": "00ff" } },
            { "op": "fire", "cgroup": "b", "expect": { "outcome": "denied", "errno": "EPERM" } },
            { "op": "fire", "cgroup": "b", "expect": { "trapped": true }, "eventually": true },
            { "op": "map_lookup_elem", "map": "storage", "key": { "cgroup": "a", "padding": "0xff" }, "flags": "$flags",
              "expect": { "size": 16, "value": [{ "offset": 0, "u64": { "bind": "one", "aligned": 8, "min": 1, "max": "0xffffffffffffffff" } },
                { "offset": 8, "u8": "$flags" }, { "offset": 9, "hex": "0011" }] } },
            { "op": "map_lookup_elem", "map": "storage", "key": { "cgroup": "b" }, "expect": { "value": [{ "offset": 0, "u64": { "not": ["@one", 0] } }] } },
            { "op": "map_lookup_elem", "map": "storage", "key": { "cgroup": "a" }, "expect": { "value": [{ "offset": 0, "u64": "@one" }] } },
            { "op": "map_update_elem", "map": "storage", "key": { "cgroup": "a" }, "value": [{ "offset": 0, "u32": -1 }], "flags": ["exist"] },
            { "op": "map_update_elem", "map": "table", "key": { "u32": 0 }, "value": { "hex": "0000000000000000" }, "expect": { "errno": "EPERM" } },
            { "op": "map_get_next_key", "map": "storage", "expect": { "key": { "cgroup": "b" } } },
            { "op": "prog_array_update", "map": "jumps", "index": 0, "program": "run" },
            { "op": "link_create", "link": "l", "program": "run", "cgroup": "a" },
            { "op": "link_update", "link": "l", "program": "run", "old": "run" },
            { "op": "prog_query", "cgroup": "a", "effective": true, "expect": { "programs": ["run", "run"], "attach_flags": ["allow_multi"] } },
            { "op": "prog_test_run", "program": "run", "data": "00", "repeat": 2, "expect": { "return_value": 1 } },
            { "op": "parallel", "tracks": [
              { "name": "x", "steps": [{ "op": "rendezvous", "name": "go" }, { "op": "fire", "cgroup": "a" }] },
              { "name": "y", "steps": [{ "op": "rendezvous", "name": "go" }, { "op": "await", "map": "table", "key": { "u32": 0 }, "offset": 0, "at_least": 1 }] } ] },
            { "op": "prog_detach", "cgroup": "a" },
            { "op": "cgroup_remove", "cgroup": "late" }
          ]
        }
        """;
}
