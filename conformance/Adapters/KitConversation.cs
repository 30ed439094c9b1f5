using System.Text.Json;

namespace Conformance.Tests.Adapters;

/// <summary>One line of a conversation with a kit's example.</summary>
/// <param name="Request">The line.</param>
/// <param name="Answer">Members that the answer must have, or more; texts may be longer.</param>
internal sealed record KitExchange(string Request, string Answer)
{
    /// <summary>Whether a line is that answer.</summary>
    public bool IsAnsweredBy(string line)
    {
        using var wanted = JsonDocument.Parse(Answer);
        using var answer = JsonDocument.Parse(line);
        return wanted
            .RootElement.EnumerateObject()
            .All(member =>
                answer.RootElement.TryGetProperty(member.Name, out var is_)
                && (
                    member.Name == "message"
                        ? is_.GetString()!.Contains(member.Value.GetString()!, StringComparison.Ordinal)
                        : JsonElement.DeepEquals(is_, member.Value)
                )
            );
    }
}

/// <summary>Conversations that go the same way with every kit.</summary>
internal static class KitConversation
{
    /// <summary>With the stubs, whose answers have every shape: a request and its answer in turn.</summary>
    public static IReadOnlyList<KitExchange> WithStub { get; } =
    [
        .. File.ReadLines(Path.Combine(KitBench.Stubs, "conversation.jsonl"))
            .Chunk(2)
            .Select(pair => new KitExchange(pair[0], pair[1])),
    ];

    /// <summary>With the examples, about what an adapter's author should not have to think of.</summary>
    public static IReadOnlyList<KitExchange> WithExample { get; } =
    [
        new("""{"seq":0,"op":"hello","protocol":2}""", """{"seq":0,"kind":"broken","message":"protocol 2"}"""),
        new("""{"seq":0,"op":"hello","protocol":1}""", """{"seq":0,"kind":"ok","protocol":1,"cpus":1}"""),
        new("nonsense", """{"seq":null,"kind":"broken","message":"no JSON"}"""),
        new("""{"seq":1,"op":"reset"} 1""", """{"kind":"broken","message":"no JSON"}"""),
        new("""{"op":"reset"}""", """{"seq":null,"kind":"broken","message":"\"seq\" is missing"}"""),
        new("[1]", """{"seq":null,"kind":"broken","message":"a request is an object"}"""),
        new(
            """{"later":{"x":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00\n"],"y":{}},"seq":2,"op":"reset"}""",
            """{"seq":2,"kind":"ok"}"""
        ),
        new(
            """{"seq":3,"op":"map_rename","map":"m"}""",
            """{"seq":3,"kind":"unsupported","message":"there is no operation map_rename here"}"""
        ),
        new(
            """{"seq":4,"op":"link_detach","link":"l"}""",
            """{"seq":4,"kind":"unsupported","message":"does not offer link_detach"}"""
        ),
        new("""{"seq":5,"op":"map_close"}""", """{"seq":5,"kind":"broken","message":"map_close needs \"map\""}"""),
        new(
            """{"seq":6,"op":"map_close","map":"m"}""",
            """{"seq":6,"kind":"broken","message":"no map is named 'm'"}"""
        ),
        new(
            """ { "seq" : 7 , "op" : "map_create" , "map" : "\"m\\\u00e9\ud83d\ude00" , "type" : "array" , "key_size" : 4 , "value_size" : 8 , "max_entries" : 1 , "flags" : "0x0" , "inner_map" : null } """,
            """{"seq":7,"kind":"ok"}"""
        ),
        new(
            """{"seq":8,"op":"map_update_elem","map":"\"m\\é😀","key":{"hex":"00000000"},"value":"01020304050607ff"}""",
            """{"seq":8,"kind":"ok"}"""
        ),
        new(
            """{"seq":9,"op":"map_lookup_elem","map":"\"m\\é😀","key":{"hex":"00000000"}}""",
            """{"seq":9,"kind":"ok","value":"01020304050607ff"}"""
        ),
        new(
            """{"seq":10,"op":"map_lookup_elem","map":"\"m\\é😀","key":{"hex":"0000000g"}}""",
            """{"seq":10,"kind":"broken","message":"\"key"}"""
        ),
        new(
            """{"seq":11,"op":"map_update_elem","map":"\"m\\é😀","key":{"hex":"00000000"},"value":"0102030405060708","flags":"0xffffffffffffffff"}""",
            """{"seq":11,"kind":"failed","errno":"EINVAL"}"""
        ),
        new(
            """{"seq":12,"op":"map_create","map":"n","type":"array","key_size":4,"value_size":8,"max_entries":1,"spin_lock_offset":0}""",
            """{"seq":12,"kind":"unsupported","message":"does not offer \"spin_lock_offset\" of map_create"}"""
        ),
        new(
            """{"seq":13,"op":"map_create","map":"n","type":4095,"key_size":4,"value_size":8,"max_entries":1}""",
            """{"seq":13,"kind":"unsupported","message":"no maps of type 4095"}"""
        ),
        new(
            """{"seq":14,"op":"map_create","map":"\"m\\é😀","type":"array","key_size":4,"value_size":8,"max_entries":1}""",
            """{"seq":14,"kind":"broken","message":"already"}"""
        ),
        new(
            """{"seq":15,"op":"fire","attach_type":"cgroup_device","cgroup":"a"}""",
            """{"seq":15,"kind":"broken","message":"no cgroup is named 'a'"}"""
        ),
        new("""{"seq":9007199254740991,"op":"reset"}""", """{"seq":9007199254740991,"kind":"ok"}"""),
        new(
            """{"seq":16,"op":"map_lookup_elem","map":"\"m\\é😀","key":{"hex":"00000000"}}""",
            """{"seq":16,"kind":"broken","message":"no map is named"}"""
        ),
    ];
}
