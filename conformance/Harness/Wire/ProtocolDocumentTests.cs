using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.Harness.Wire;
using NJsonSchema;

namespace Conformance.Tests.Harness.Wire;

/// <summary>PROTOCOL.md and its schema hold what the reference VM does behind the protocol.</summary>
public class ProtocolDocumentTests
{
    private static readonly string Folder = Path.Combine(VectorLocation.Find()!, "..", "harness");
    private static readonly string Document = File.ReadAllText(Path.Combine(Folder, "PROTOCOL.md"));

    private static readonly Lazy<Task<JsonSchema>> Schema = new(() =>
        JsonSchema.FromFileAsync(Path.Combine(Folder, "protocol.schema.json"))
    );

    private static readonly IReadOnlyList<string[]> Conversations =
    [
        .. Document
            .Split("```jsonl\n")
            .Skip(1)
            .Select(block => block[..block.IndexOf("\n```", StringComparison.Ordinal)].Split('\n')),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Conversations.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_conversation_of_the_document_goes_as_it_stands(int number)
    {
        var conversation = Conversations[number];
        var requests = conversation.Where(line => line.StartsWith("> ", StringComparison.Ordinal)).ToList();

        var answers = Serve(string.Concat(requests.Select(line => line[2..] + "\n")));

        var told = requests
            .Zip(answers, (request, answer) => new[] { request, "< " + answer })
            .SelectMany(pair => pair);
        told.Select(Normal).Should().Equal(conversation.Select(Normal), SameMessage);
    }

    [Fact]
    public async Task The_schema_accepts_every_message_of_the_document()
    {
        var schema = await Schema.Value;
        // What follows "What cannot be done" is there to be refused.
        var broken = Conversations[^1];
        foreach (var message in Conversations.SkipLast(1).SelectMany(lines => lines).Select(line => line[2..]))
            schema.Validate(message).Should().BeEmpty(message);
        schema.Validate(broken[2][2..]).Should().NotBeEmpty("there is no such operation");
        schema.Validate(broken[4][2..]).Should().NotBeEmpty("a member is missing");
    }

    [Fact]
    public void Every_operation_stands_in_a_conversation_and_in_the_schema()
    {
        var schema = File.ReadAllText(Path.Combine(Folder, "protocol.schema.json"));
        var told = string.Concat(Conversations.SelectMany(lines => lines));
        foreach (var name in OperationNames.All.Append("hello").Append("reset"))
        {
            told.Should().Contain($"\"op\":\"{name}\"");
            Document.Should().Contain(name);
            schema.Should().Contain($"\"{name}\"");
        }
    }

    [Fact]
    public async Task The_schema_accepts_what_the_suite_sends_and_what_serve_answers()
    {
        var schema = await Schema.Value;
        using var machine = new ReferenceVirtualMachine();
        // One case of each vector: the axes change words, not shapes.
        foreach (
            var @case in AdapterBench.Set.Value.Cases.DistinctBy(@case => @case.Vector.Id).Where((_, at) => at % 3 == 0)
        )
        {
            var requests = @case
                .Setup.Concat(@case.Steps)
                .Select(step => Text(step.OperationFor(machine.Identity.Cpus)));
            var text = string.Concat(requests.Select(request => request + "\n"));
            machine.Reset();
            foreach (
                var message in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(Serve(text, machine))
            )
            {
                if (schema.Validate(message) is { Count: > 0 } errors)
                    errors.Should().BeEmpty("{0}: {1}", @case.Id, message);
            }
        }
    }

    [Theory]
    [InlineData("{\"seq\":1}")]
    [InlineData("{\"seq\":-1,\"op\":\"reset\"}")]
    [InlineData("{\"seq\":1,\"op\":\"reset\",\"extra\":1}")]
    [InlineData("{\"seq\":1,\"op\":\"hello\",\"protocol\":2}")]
    [InlineData("{\"seq\":1,\"op\":\"map_delete_elem\",\"map\":\"m\",\"key\":{}}")]
    [InlineData("{\"seq\":1,\"kind\":\"ok\",\"value\":\"0\"}")]
    [InlineData("{\"seq\":1,\"kind\":\"fine\"}")]
    [InlineData("{\"kind\":\"ok\"}")]
    public async Task The_schema_refuses_what_is_no_message(string message) =>
        (await Schema.Value).Validate(message).Should().NotBeEmpty();

    private static IReadOnlyList<string> Serve(string requests, IVirtualMachine? machine = null)
    {
        using var own = machine is null ? new ReferenceVirtualMachine() : null;
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(requests));
        using var output = new MemoryStream();
        using var server = new AdapterServer(machine ?? own!, input, output);
        server.Run();
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Text(Operation operation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ProtocolFacts.Json))
            RequestWriter.Write(json, 1, operation);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static (string Mark, JsonObject Message) Normal(string line) =>
        (line[..2], JsonNode.Parse(line[2..])!.AsObject());

    // "..." at the end of a message of the document stands for more of it.
    private static bool SameMessage((string Mark, JsonObject Message) actual, (string Mark, JsonObject Message) told)
    {
        const string More = "...";
        if (
            told.Message["message"]?.GetValue<string>() is { } begin
            && begin.EndsWith(More, StringComparison.Ordinal)
            && actual.Message["message"]?.GetValue<string>() is { } whole
            && whole.StartsWith(begin[..^More.Length], StringComparison.Ordinal)
        )
            actual.Message["message"] = begin;
        return actual.Mark == told.Mark && JsonNode.DeepEquals(actual.Message, told.Message);
    }
}
