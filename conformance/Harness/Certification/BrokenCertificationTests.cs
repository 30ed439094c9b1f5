using Conformance.Harness.Certification;
using NJsonSchema;

namespace Conformance.Tests.Harness.Certification;

public sealed class BrokenCertificationTests : IDisposable
{
    private const string Sound = """
        { "certified": [
            { "kernel": "6.18.44", "architecture": "x86_64", "suite": "0.1.0", "cases": { "a.one": "0123456789abcdef" } },
            { "kernel": "5.10", "architecture": "x86_64", "suite": "0.1.0", "cases": {} }
          ],
          "uncertified": [{ "id": "a.two", "kind": "unsafe", "reason": "It harms." }] }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certified-");

    private static string Schema =>
        Path.Combine(Conformance.Harness.Vectors.VectorLocation.Find()!, "schema", "certified.schema.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("\"certified\": [", "\"certificates\": [", 1, "", "\"certified\" is missing")]
    [InlineData("\"6.18.44\"", "\"6.18.44-generic\"", 2, "/certified/0/kernel", "in numbers only")]
    [InlineData("\"6.18.44\"", "6.18", 2, "/certified/0/kernel", "expected a string, found a number")]
    [InlineData(
        "\"x86_64\", \"suite\": \"0.1.0\", \"cases\": {}",
        "\"\", \"suite\": \"0.1.0\", \"cases\": {}",
        3,
        "/certified/1/architecture",
        "empty"
    )]
    [InlineData("0123456789abcdef", "0123456789ABCDEF", 2, "/certified/0/cases/a.one", "16 lower-case hex digits")]
    [InlineData("0123456789abcdef", "0123", 2, "/certified/0/cases/a.one", "16 lower-case hex digits")]
    [InlineData(
        "\"cases\": {} }",
        "\"cases\": {}, \"date\": \"today\" }",
        3,
        "/certified/1/date",
        "unknown field \"date\""
    )]
    [InlineData("\"kind\": \"unsafe\"", "\"kind\": \"lazy\"", 5, "/uncertified/0/kind", "unknown kind \"lazy\"")]
    [InlineData(", \"reason\": \"It harms.\"", "", 5, "/uncertified/0", "\"reason\" is missing")]
    public async Task What_is_wrong_is_said_with_its_place(
        string find,
        string replace,
        int line,
        string pointer,
        string message
    )
    {
        var load = Load(find, replace);

        load.Record.Should().BeNull();
        load.Errors.Should()
            .Contain(error => error.Line == line && error.Pointer == pointer && error.Message.Contains(message));
        (await JsonSchema.FromFileAsync(Schema)).Validate(Changed(find, replace)).Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("\"5.10\"", "\"6.18.44\"", 3, "/certified/1", "is there twice")]
    [InlineData(
        "\"uncertified\": [{",
        "\"uncertified\": [{ \"id\": \"a.two\", \"kind\": \"unsafe\", \"reason\": \"So.\" }, {",
        5,
        "/uncertified/1",
        "has two reasons"
    )]
    [InlineData(
        "\"5.10\", \"architecture\": \"x86_64\", \"suite\": \"0.1.0\", \"cases\": {",
        "\"6.18.44\", \"architecture\": \"x86_64\", \"suite\": \"0.2.0\", \"cases\": { \"a.one\": \"0123456789abcdef\"",
        3,
        "/certified/1/cases/a.one",
        "certifies \"a.one\" already"
    )]
    [InlineData(
        "\"a.one\": ",
        "\"a.one\": \"0123456789abcdef\", \"a.one\": ",
        2,
        "/certified/0/cases/a.one",
        "there twice"
    )]
    public void So_is_what_only_the_loader_sees(string find, string replace, int line, string pointer, string message)
    {
        var load = Load(find, replace);

        load.Record.Should().BeNull();
        load.Errors.Should()
            .Contain(error => error.Line == line && error.Pointer == pointer && error.Message.Contains(message));
    }

    [Fact]
    public async Task The_sound_record_is_sound_for_loader_and_schema()
    {
        Load("{", "{").Errors.Should().BeEmpty();
        (await JsonSchema.FromFileAsync(Schema)).Validate(Sound).Should().BeEmpty();
    }

    [Fact]
    public void A_folder_without_a_record_has_certified_nothing() =>
        CertificationRecord
            .Load(_folder.FullName)
            .Should()
            .BeEquivalentTo(new CertificationLoad(CertificationRecord.Empty, [], Found: false));

    [Fact]
    public void A_record_that_cannot_be_read_is_an_error()
    {
        _folder.CreateSubdirectory(CertificationRecord.FileName);

        CertificationRecord
            .Load(_folder.FullName)
            .Errors.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("cannot be read");
    }

    private CertificationLoad Load(string find, string replace)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, CertificationRecord.FileName), Changed(find, replace));
        return CertificationRecord.Load(_folder.FullName);
    }

    private static string Changed(string find, string replace)
    {
        Sound.Should().Contain(find);
        var at = Sound.IndexOf(find, StringComparison.Ordinal);
        return Sound.Remove(at, find.Length).Insert(at, replace);
    }
}
