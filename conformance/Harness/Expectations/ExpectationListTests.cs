using System.Text;
using Conformance.Harness.Expectations;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using NJsonSchema;

namespace Conformance.Tests.Harness.Expectations;

/// <summary>Files of expectations: what is read, what is refused and where, and that the schema says the same.</summary>
public sealed class ExpectationListTests
{
    private const string Sound = """
        {
          "$schema": "expectations.schema.json",
          "comment": "what is known",
          "expected_failures": [
            {
              "cases": ["pointer.*", "flags.nonzero@sock_ops"],
              "reason": "addresses change",
              "link": "https://example.org/bugs/1",
              "owner": "team",
              "comment": "since 2.1"
            },
            {
              "cases": ["attach.x"],
              "outcome": "errored",
              "reason": "unexplained: entered by --update-expectations",
              "link": null,
              "owner": null
            }
          ],
          "flaky": [
            { "cases": ["sharing.y"], "reason": "timing", "link": "http://example.org/2", "owner": "me" }
          ]
        }
        """;

    private static readonly Lazy<Task<JsonSchema>> Schema = new(() =>
        JsonSchema.FromFileAsync(Path.Combine(VectorLocation.Find()!, "..", "harness", "expectations.schema.json"))
    );

    /// <summary>A text of the sound file, what to put there instead, the error; and whether a schema can see it.</summary>
    public static TheoryData<string, string, string, bool> Broken =>
        new()
        {
            { "\"flaky\"", "\"flacky\"", "FILE:20 /flacky: unknown field \"flacky\"", true },
            { "\"owner\": \"team\",", "", "FILE:5 /expected_failures/0: \"owner\" is missing", true },
            { "\"reason\": \"timing\", ", "", "FILE:21 /flaky/0: \"reason\" is missing", true },
            { "\"link\": \"http://example.org/2\", ", "", "FILE:21 /flaky/0: \"link\" is missing", true },
            { "\"timing\"", "\"\"", "FILE:21 /flaky/0/reason: the string is empty", true },
            { "\"me\"", "7", "FILE:21 /flaky/0/owner: expected a string, found a number", true },
            { "[\"sharing.y\"]", "[]", "FILE:21 /flaky/0/cases: the list is empty", true },
            { "[\"sharing.y\"]", "\"sharing.y\"", "FILE:21 /flaky/0/cases: expected a list, found a string", true },
            { "[\"sharing.y\"]", "[3]", "FILE:21 /flaky/0/cases/0: expected a string, found a number", true },
            { "\"http://example.org/2\"", "\"bug 2\"", "FILE:21 /flaky/0/link: expected an address", true },
            { "\"errored\"", "\"crashed\"", "FILE:14 /expected_failures/1/outcome: unknown outcome \"crashed\"", true },
            {
                "\"owner\": \"me\"",
                "\"owner\": \"me\", \"outcome\": \"failed\"",
                "FILE:21 /flaky/0/outcome: unknown field",
                true
            },
            { "\"me\"", "null", "FILE:21 /flaky/0/owner: \"owner\" is null, which only an entry", true },
            { "unexplained: entered", "known: entered", "FILE:16 /expected_failures/1/link: \"link\" is null", true },
            {
                "\"sharing.y\"",
                "\"attach.x\"",
                "FILE:21 /flaky/0/cases/0: \"attach.x\" is listed twice, first in line 13",
                false
            },
            {
                "\"comment\": \"what",
                "\"flaky\": [], \"comment\": \"what",
                "the property \"flaky\" is there twice",
                false
            },
        };

    private static ExpectationList? Parse(string text, out string[] errors)
    {
        var list = ExpectationList.Parse("FILE", Encoding.UTF8.GetBytes(text), out var found);
        errors = [.. found.Select(error => error.ToString())];
        return list;
    }

    [Fact]
    public async Task A_sound_file_is_read()
    {
        var list = Parse(Sound, out var errors)!;
        errors.Should().BeEmpty();
        list.ExpectedFailures.Select(entry => entry.Listed).Should().Equal(CaseOutcome.Failed, CaseOutcome.Errored);
        list.ExpectedFailures.Select(entry => entry.IsUnexplained).Should().Equal(false, true);
        list.ExpectedFailures[0].Cases[1].Place.Should().Be("FILE:6 /expected_failures/0/cases/1");
        list.Flaky.Single().Should().Match<ExpectationEntry>(entry => entry.Owner == "me" && entry.Reason == "timing");
        (await Schema.Value).Validate(Sound).Should().BeEmpty();
    }

    [Fact]
    public void What_is_written_is_what_was_read()
    {
        var text = new StringWriter();
        Parse(Sound, out _)!.Write(text);
        var again = new StringWriter();
        Parse(text.ToString(), out var errors)!.Write(again);
        errors.Should().BeEmpty();
        again.ToString().Should().Be(text.ToString());
        foreach (var word in Sound.Split('"').Where((_, index) => index % 2 == 1))
        {
            text.ToString().Should().Contain($"\"{word}\"");
        }
    }

    [Fact]
    public void An_object_without_entries_lists_nothing()
    {
        Parse("{}", out var errors)!.Entries.Should().BeEmpty();
        errors.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_is_refused_with_its_place(string from, string to, string problem, bool inSchema)
    {
        var at = Sound.IndexOf(from, StringComparison.Ordinal);
        at.Should().BePositive();
        var text = Sound[..at] + to + Sound[(at + from.Length)..];
        Parse(text, out var errors).Should().BeNull();
        errors.Should().Contain(error => error.Contains(problem));
        if (inSchema)
        {
            (await Schema.Value).Validate(text).Should().NotBeEmpty("the schema must refuse it too");
        }
    }

    [Theory]
    [InlineData("", "FILE: the file is empty")]
    [InlineData("[]", "FILE:1: expected an object, found a list")]
    [InlineData("{\n  \"flaky\": [\n", "FILE:3 /flaky: not valid JSON")]
    public void What_is_no_such_file_is_refused(string text, string problem)
    {
        Parse(text, out var errors).Should().BeNull();
        errors.Should().ContainSingle().Which.Should().StartWith(problem);
    }
}
