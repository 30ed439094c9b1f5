using System.Buffers;
using System.Text;
using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.Harness.Wire;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Harness.Wire;

public class WireFormatTests
{
    [Fact]
    public void Every_operation_of_every_case_survives_the_wire()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var @case in AdapterBench.Set.Value.Cases)
        {
            foreach (var step in @case.Setup.Concat(@case.Steps))
            {
                var operation = step.OperationFor(cpus: 4);
                var text = Text(operation);
                var request = RequestReader.Read(Encoding.UTF8.GetBytes(text), out _);
                if (DeepText.Of(request.Operation) != DeepText.Of(operation))
                    DeepText.Of(request.Operation).Should().Be(DeepText.Of(operation), @case.Id);
                seen.Add(request.Op);
                seen.UnionWith(
                    (operation as Conformance.Harness.Machines.Parallel)
                        ?.Tracks.SelectMany(track => track.Operations)
                        .Select(OperationNames.Of)
                        ?? []
                );
            }
        }

        OperationNames.All.Except(seen).Should().BeEmpty("each operation is part of some case");
    }

    [Theory]
    [InlineData(0UL, "0x0")]
    [InlineData(1UL, "0x1")]
    [InlineData(0x8000_0000_0000_0000UL, "0x8000000000000000")]
    [InlineData(ulong.MaxValue, "0xffffffffffffffff")]
    public void Numbers_of_64_bits_keep_every_bit(ulong number, string text)
    {
        var operation = new Await("m", new RawKey([1]), 0, number);

        Text(operation).Should().Contain($"\"at_least\":\"{text}\"");
        Read(Text(operation)).Should().Be(operation);
    }

    [Fact]
    public void What_has_no_name_travels_as_a_number()
    {
        var map = new MapCreate("m", (MapType)77, -1, int.MaxValue, int.MinValue, uint.MaxValue);
        var attach = new ProgAttach("p", "a", (AttachType)99, uint.MaxValue) { ExpectedRevision = ulong.MaxValue };

        Text(map).Should().Contain("\"type\":77");
        Read(Text(map)).Should().Be(map);
        Text(attach).Should().Contain("\"attach_type\":99").And.Contain("\"flags\":\"0xffffffff\"");
        Read(Text(attach)).Should().Be(attach);
    }

    [Theory]
    [InlineData("\"seq\":1,\"op\":\"map_close\"", "map_close needs \"map\"")]
    [InlineData("\"op\":\"reset\"", "\"seq\" is missing")]
    [InlineData("\"seq\":1", "\"op\" is missing")]
    [InlineData("\"seq\":1.5,\"op\":\"reset\"", "\"seq\": expected an integer, found \"1.5\"")]
    [InlineData("\"seq\":1,\"op\":\"hello\",\"protocol\":2", "protocol 2 is asked for, and this speaks 1")]
    [InlineData("\"seq\":1,\"op\":\"await\",\"at_least\":5", "\"at_least\": expected a 64-bit number as a string")]
    [InlineData("\"seq\":1,\"op\":\"await\",\"at_least\":\"0x\"", "\"at_least\"")]
    [InlineData("\"seq\":1,\"op\":\"await\",\"at_least\":\"0x10000000000000000\"", "\"at_least\"")]
    [InlineData("\"seq\":1,\"op\":\"await\",\"at_least\":\"0xg\"", "\"at_least\"")]
    [InlineData("\"seq\":1,\"op\":\"map_create\",\"key_size\":2147483648", "\"key_size\": expected a 32-bit integer")]
    [InlineData("\"seq\":1,\"op\":\"prog_load\",\"instructions\":\"abc\"", "\"instructions\": expected bytes")]
    [InlineData("\"seq\":1,\"op\":\"fire\",\"attach_type\":\"cgroup_nothing\"", "expected an attach type")]
    [InlineData("\"seq\":1,\"op\":\"fire\",\"event\":{\"colour\":1}", "there is no parameter \"colour\"")]
    [InlineData("\"seq\":1,\"op\":\"map_lookup_elem\",\"key\":{}", "a key has either \"cgroup\" or \"hex\"")]
    [InlineData("\"seq\":1,\"op\":\"map_close\",\"map\":\"\\ud800\"", "no JSON")]
    public void A_request_that_is_none_is_said_with_its_member(string members, string complaint)
    {
        var act = () => RequestReader.Read(Encoding.UTF8.GetBytes($"{{{members}}}"), out _);

        act.Should().Throw<WireFormatException>().Which.Message.Should().Contain(complaint);
    }

    [Fact]
    public void Every_member_of_an_answer_survives_the_wire()
    {
        var inTrack = new Answer(AnswerKind.Trapped) { Message = "load of \"x\"\n\u00e9 \u4e16" };
        var answer = Answer.Ok with
        {
            Errno = Errno.EPERM,
            Message = "why",
            Value = [0, 255, 1],
            Key = new StorageKey("a", AttachType.CgroupSysctl, uint.MaxValue),
            Outcome = EventOutcome.Denied,
            ReturnValue = uint.MaxValue,
            Programs = ["p", "q"],
            AttachFlags = uint.MaxValue,
            Tracks =
            [
                [inTrack, Answer.Ok],
                [],
            ],
            Refusal = new Answer(AnswerKind.Refused) { Errno = (Errno)4095, Message = "" },
        };

        var read = AnswerReader.Read(Encoding.UTF8.GetBytes(Text(answer)), out var seq);

        seq.Should().Be(7);
        read.Should().BeEquivalentTo(answer);
        Text(read).Should().Be(Text(answer));
    }

    [Theory]
    [InlineData("\"kind\":\"ok\"", "\"seq\" is missing")]
    [InlineData("\"seq\":1", "\"kind\" is missing")]
    [InlineData("\"seq\":1,\"kind\":\"fine\"", "\"kind\": expected one of ok, failed, refused, ")]
    [InlineData("\"seq\":1,\"kind\":\"failed\"", "\"errno\" is missing: \"failed\" says with which error")]
    [InlineData("\"seq\":1,\"kind\":\"refused\",\"message\":\"no\"", "\"errno\" is missing")]
    [InlineData("\"seq\":1,\"kind\":\"ok\",\"outcome\":\"denied\"", "\"errno\" is missing")]
    [InlineData("\"seq\":1,\"kind\":\"failed\",\"errno\":\"ENOPE\"", "\"errno\": expected the name of an error")]
    [InlineData("\"seq\":1,\"kind\":\"failed\",\"errno\":-22", "\"errno\"")]
    [InlineData("\"seq\":1,\"kind\":\"failed\",\"errno\":4096", "\"errno\"")]
    [InlineData(
        "\"seq\":1,\"kind\":\"ok\",\"return_value\":4294967296",
        "\"return_value\": expected an integer from 0"
    )]
    [InlineData("\"seq\":1,\"kind\":\"ok\",\"return_value\":-1", "\"return_value\"")]
    [InlineData("\"seq\":1,\"kind\":\"ok\",\"return_value\":18446744073709551615", "\"return_value\"")]
    [InlineData("\"seq\":99999999999999999999,\"kind\":\"ok\"", "\"seq\": expected an integer")]
    [InlineData("\"seq\":1,\"kind\":\"ok\",\"value\":\"0x00\"", "\"value\": expected bytes")]
    [InlineData("\"seq\":1,\"kind\":\"ok\",\"value\":\"000\"", "\"value\": expected bytes")]
    [InlineData(
        "\"seq\":1,\"kind\":\"ok\",\"value\":[0,1]",
        "\"value\": expected bytes as a string of pairs of hex digits, found a list"
    )]
    [InlineData("\"seq\":1,\"kind\":\"ok\",\"tracks\":[1]", "\"tracks\": expected a list")]
    [InlineData("\"seq\":1,\"kind\":\"ok\"} {", "no JSON")]
    public void An_answer_that_is_none_is_said_with_its_member(string members, string complaint)
    {
        var act = () => AnswerReader.Read(Encoding.UTF8.GetBytes($"{{{members}}}"), out _);

        act.Should().Throw<WireFormatException>().Which.Message.Should().Contain(complaint);
    }

    [Fact]
    public void Members_that_nobody_knows_and_members_that_are_null_are_passed_over()
    {
        var line =
            "{\"future\":{\"a\":[1,{}]},\"message\":null,\"kind\":\"ok\",\"value\":null,\"seq\":3,\""
            + new string('x', 100)
            + "\":1}";

        var answer = AnswerReader.Read(Encoding.UTF8.GetBytes(line), out var seq);

        seq.Should().Be(3);
        answer.Should().Be(Answer.Ok);
    }

    private static Operation Read(string text) => RequestReader.Read(Encoding.UTF8.GetBytes(text), out _).Operation!;

    private static string Text(Operation operation) => Written(json => RequestWriter.Write(json, 7, operation));

    private static string Text(Answer answer) => Written(json => AnswerWriter.Write(json, 7, answer));

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ProtocolFacts.Json))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
