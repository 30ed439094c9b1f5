namespace Conformance.Tests.Harness.Vectors;

/// <summary>
/// Ways to break <see cref="SampleVector"/>: what is replaced by what, where the error is and what it says, and whether a schema
/// can see it (it knows nothing of names, assembly and other files).
/// </summary>
public sealed record BrokenVector(string Find, string Replace, string Pointer, string Message, bool InSchema = true)
{
    public override string ToString() => $"{Find} -> {Replace}";
}

internal static class BrokenVectors
{
    public static readonly BrokenVector[] All =
    [
        // Fields.
        new("\"title\": \"Everything at once\",", "", "", "\"title\" is missing"),
        new("\"title\": \"Everything at once\"", "\"title\": 7", "/title", "expected a string, found a number"),
        new("\"title\": \"Everything at once\"", "\"title\": \"\"", "/title", "the string is empty"),
        new("\"catches\"", "\"catchs\"", "/catchs", "unknown field \"catchs\""),
        new("\"effective\": true", "\"efective\": true", "/steps/16/efective", "unknown field \"efective\""),
        new(
            "\"effective\": true",
            "\"effective\": \"yes\"",
            "/steps/16/effective",
            "expected a boolean, found a string"
        ),
        new(
            "\"times\": 2",
            "\"times\": 2, \"times\": 3",
            "/steps/4/times",
            "the property \"times\" is there twice",
            false
        ),
        new(
            "\"id\": \"area.test\"",
            "\"id\": \"area.toast\"",
            "/id",
            "the id of a vector in this place is \"area.test\"",
            false
        ),
        new("\"catches\":", "\"kind\": \"sketch\", \"catches\":", "/kind", "unknown kind \"sketch\""),
        // Rules.
        new("[\"area.first\", \"area.second\"]", "[]", "/rules", "a vector checks at least one rule"),
        new("[\"area.first\",", "[\"area.frist\",", "/rules/0", "unknown rule \"area.frist\"", false),
        new(
            "\"area.first\", \"area.second\"]",
            "\"area.first\", \"area.first\"]",
            "/rules/1",
            "\"area.first\" is there twice"
        ),
        new("\"rule\": \"area.second\", ", "", "/rules", "no expectation names the rule \"area.second\"", false),
        new(
            "\"rule\": \"area.second\"",
            "\"rule\": \"area.linux\"",
            "/steps/1/expect/1/rule",
            "none of the vector's rules",
            false
        ),
        // Axes.
        new(
            "[\"cgroup_device\", \"cgroup_sysctl\"]",
            "[\"cgroup_devise\"]",
            "/for_each/attach_type/0",
            "unknown attach type \"cgroup_devise\""
        ),
        new(
            "[\"cgroup_device\", \"cgroup_sysctl\"]",
            "\"every\"",
            "/for_each/attach_type",
            "expected \"all\", \"representative\" or a list"
        ),
        new(
            "[\"cgroup_device\", \"cgroup_sysctl\"]",
            "[]",
            "/for_each/attach_type",
            "an axis without values makes no cases"
        ),
        new(
            "\"storage_kind\": \"all\"",
            "\"storage_kind\": [\"private\"]",
            "/for_each/storage_kind/0",
            "unknown storage kind \"private\""
        ),
        new("\"key_size\": \"all\"", "\"key_size\": [8.5]", "/for_each/key_size/0", "expected an integer"),
        new("\"key_size\": \"all\"", "\"key_size\": [8, 8]", "/for_each/key_size", "has the label \"key8\" twice"),
        new("\"flags\": [0, \"0x1\"]", "\"flags\": [0, \"a b\"]", "/for_each/flags/1", "the label \"flags-a b\""),
        new("\"flags\": [0, \"0x1\"]", "\"flags\": [0, [1]]", "/for_each/flags/1", "expected a scalar or an object"),
        new("\"name\": \"plain\", ", "", "/for_each/form/0", "\"name\" is missing"),
        new(
            "\"flags\": [0,",
            "\"storage_map\": [\"array\"], \"flags\": [0,",
            "/for_each/storage_map",
            "is defined by another axis"
        ),
        new(
            "\"storage_kind\": \"all\"",
            "\"program_type\": [\"cgroup_skb\"]",
            "/for_each/program_type",
            "cannot both be axes"
        ),
        // Placeholders.
        new(
            "\"type\": \"$storage_map\"",
            "\"type\": \"$map_type\"",
            "/maps/storage/type",
            "nothing defines the placeholder $map_type",
            false
        ),
        new(
            "\"$form.lines\"",
            "\"$form.line\"",
            "/programs/run/source/3",
            "nothing defines the placeholder $form.line",
            false
        ),
        new(
            "\"$form.lines\"",
            "\"x $form.lines\"",
            "/programs/run/source/3",
            "cannot stand inside a longer string",
            false
        ),
        new(
            "\"$form.lines\"",
            "\"r0 = $\"",
            "/programs/run/source/3",
            "a dollar sign that begins no placeholder is written $$",
            false
        ),
        // The world.
        new("\"b\": \"a\"", "\"b\": \"c\"", "/cgroups/b", "the parent \"c\" does not stand before its child", false),
        new(
            "\"b\": \"a\", \"late\": null",
            "\"late\": null, \"b\": \"late\"",
            "/cgroups/b",
            "its parent \"late\" is made by a step",
            false
        ),
        new("\"a\": null", "\"a\": null, \"a b\": null", "/cgroups/a b", "a name is of letters, digits, _ and -"),
        new("\"type\": \"array\"", "\"type\": \"arry\"", "/maps/table/type", "unknown map type \"arry\""),
        new("\"value_size\": 8,", "\"value_size\": -8,", "/maps/table/value_size", "expected an integer from 0"),
        new("[\"rdonly_prog\"]", "[\"readonly\"]", "/maps/table/flags/0", "unknown flag \"readonly\""),
        new("\"flags\": \"0x0\"", "\"flags\": \"0x1ffffffff\"", "/maps/jumps/flags", "does not fit into 32 bits"),
        new("\"flags\": \"0x0\"", "\"flags\": \"five\"", "/maps/jumps/flags", "expected a number or a hex string"),
        // Programs.
        new("r2 = 0\"", "r2 := 0\"", "/programs/run/source/1", "assembly line 2, column", false),
        new("map[storage]", "map[store]", "/programs/run/source", "refers to the unknown map \"store\"", false),
        new("\"exit\"]", "\"exit\\nexit\"]", "/programs/run/source/4", "takes one line"),
        new(
            "\"instructions\": \"18 01",
            "\"instructions\": \"18",
            "/programs/raw/instructions",
            "is not a multiple of 8",
            false
        ),
        new(
            "\"instructions\": \"18 01",
            "\"instructions\": \"18 0x",
            "/programs/raw/instructions",
            "expected bytes as pairs of hex digits"
        ),
        new(
            "{ \"instruction\": 0,",
            "{ \"instruction\": 4,",
            "/programs/raw/maps/0",
            "there is none numbered 4",
            false
        ),
        new("\"log_level\": 1", "\"instructions\": \"\"", "/programs/run", "either \"source\" or \"instructions\""),
        new(
            "\"type\": \"$other_program_type\"",
            "\"type\": \"cgroup_skp\"",
            "/programs/raw/type",
            "unknown program type \"cgroup_skp\""
        ),
        new("[\"any_alignment\"]", "[\"aligned\"]", "/programs/raw/flags/0", "unknown flag \"aligned\""),
        // Steps.
        new("\"op\": \"cgroup_remove\"", "\"op\": \"cgroup_rm\"", "/steps/20/op", "unknown op \"cgroup_rm\""),
        new("\"op\": \"prog_detach\", ", "", "/steps/19", "\"op\" is missing"),
        new(
            "\"op\": \"prog_detach\", \"cgroup\": \"a\"",
            "\"op\": \"prog_detach\"",
            "/steps/19",
            "\"cgroup\" is missing"
        ),
        new(
            "\"op\": \"prog_detach\", \"cgroup\": \"a\"",
            "\"op\": \"prog_detach\", \"cgroup\": \"c\"",
            "/steps/19/cgroup",
            "unknown cgroup \"c\"",
            false
        ),
        new(
            "\"map\": \"jumps\", \"index\"",
            "\"map\": \"jump\", \"index\"",
            "/steps/13/map",
            "unknown map \"jump\"",
            false
        ),
        new(
            "\"index\": 0, \"program\": \"run\"",
            "\"index\": 0, \"program\": \"ran\"",
            "/steps/13/program",
            "unknown program \"ran\"",
            false
        ),
        new(
            "\"link\": \"l\", \"program\": \"run\", \"old\"",
            "\"link\": \"m\", \"program\": \"run\", \"old\"",
            "/steps/15/link",
            "unknown link \"m\"",
            false
        ),
        new(
            "\"relative\": \"run\"",
            "\"relative\": \"link\"",
            "/steps/3/relative",
            "unknown program or link \"link\"",
            false
        ),
        new(
            "[\"allow_multi\"], \"expected_revision\"",
            "[\"multi\"], \"expected_revision\"",
            "/steps/2/flags/0",
            "unknown flag \"multi\""
        ),
        new("[\"exist\"]", "[\"exists\"]", "/steps/10/flags/0", "unknown flag \"exists\""),
        new(
            "\"attach_type\": \"$other_attach_type\", \"rel",
            "\"attach_type\": \"egress\", \"rel",
            "/steps/3/attach_type",
            "unknown attach type \"egress\""
        ),
        new(
            "\"access\": \"write\"",
            "\"access\": \"execute\"",
            "/steps/4/event/access",
            "expected one of read, write, mknod"
        ),
        new("\"cpu\": 1", "\"cpu\": -1", "/steps/4/cpu", "expected an integer from 0"),
        new(
            "\"op\": \"cgroup_remove\", \"cgroup\": \"late\"",
            "\"op\": \"rendezvous\", \"name\": \"go\"",
            "/steps/20",
            "rendezvous is for tracks"
        ),
        new("\"name\": \"y\"", "\"name\": \"x\"", "/steps/18/tracks/1", "two tracks are named \"x\"", false),
        // Keys and values.
        new(
            "\"key\": { \"u32\": 0 }, \"value\"",
            "\"key\": { \"u32\": 0, \"u64\": 0 }, \"value\"",
            "/steps/11/key",
            "exactly one of u32, u64 and hex"
        ),
        new(
            "\"key\": { \"u32\": 0 }, \"value\"",
            "\"key\": { \"u64\": 0 }, \"value\"",
            "/steps/11/key",
            "has 4 bytes",
            false
        ),
        new(
            "\"key\": { \"u32\": 0 }, \"value\"",
            "\"key\": { \"cgroup\": \"a\" }, \"value\"",
            "/steps/11/key",
            "is no storage map",
            false
        ),
        new("\"hex\": \"0000000000000000\"", "\"hex\": \"000\"", "/steps/11/value/hex", "an odd number of hex digits"),
        new("\"u32\": -1", "\"u32\": 4294967296", "/steps/10/value/0/u32", "does not fit into 32 bits"),
        new("\"u32\": -1", "\"u32\": -1, \"u8\": 0", "/steps/10/value/0", "exactly one of u8, u16, u32, u64 and hex"),
        new(
            "{ \"offset\": 8, \"u8\": \"$flags\" }",
            "{ \"offset\": 16, \"u8\": 0 }",
            "/steps/7/expect/value/1",
            "the field ends at byte 17",
            false
        ),
        // Expectations.
        new(
            "\"denied\", \"errno\": \"EPERM\"",
            "\"denied\", \"errno\": \"EFOO\"",
            "/steps/5/expect/errno",
            "unknown errno \"EFOO\""
        ),
        new(
            "\"outcome\": \"denied\"",
            "\"outcome\": \"refused\"",
            "/steps/5/expect/outcome",
            "unknown outcome \"refused\""
        ),
        new(
            "\"outcome\": \"denied\"",
            "\"outcome\": \"dropped\"",
            "/steps/5/expect",
            "only a denied event has an errno"
        ),
        new("\"trapped\": true", "\"trapped\": false", "/steps/6/expect/trapped", "only true is meaningful"),
        new("\"trapped\": true", "\"trapped\": true, \"exhausted\": true", "/steps/6/expect", "stands alone"),
        new(
            "\"trapped\": true",
            "\"return_value\": 0",
            "/steps/6/expect/return_value",
            "\"return_value\" cannot be expected of fire"
        ),
        new("{ \"trapped\": true }", "[]", "/steps/6/expect", "an empty list expects nothing"),
        new("{ \"trapped\": true }", "{}", "/steps/6/expect", "an empty object expects nothing"),
        new(
            "\"not\": [\"@one\", 0]",
            "\"not\": [\"@two\", 0]",
            "/steps/8/expect/value/0/u64/not/0",
            "nothing before this binds \"@two\"",
            false
        ),
        new(
            "\"not\": [\"@one\", 0]",
            "\"bind\": \"one\"",
            "/steps/8/expect/value/0/u64",
            "\"one\" is bound twice",
            false
        ),
        new("\"not\": [\"@one\", 0]", "\"less\": 1", "/steps/8/expect/value/0/u64/less", "unknown field \"less\""),
        new(
            "\"programs\": [\"run\", \"run\"]",
            "\"programs\": [\"ran\"]",
            "/steps/16/expect/programs/0",
            "unknown program \"ran\"",
            false
        ),
        new("\"size\": 16,", "\"size\": \"16\",", "/steps/7/expect/size", "expected a number, found a string"),
    ];
}
