using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;
using NJsonSchema;

namespace Conformance.Tests.Harness.Vectors;

/// <summary>The schemas are for editors and other languages; the loader does not use them. Here both are held to the same verdicts.</summary>
public class SchemaTests
{
    private static readonly string Folder = VectorLocation.Find()!;
    private static readonly Lazy<Task<JsonSchema>> VectorSchema = new(() => Read("vector"));
    private static readonly Lazy<Task<JsonSchema>> RulesSchema = new(() => Read("rules"));

    public static TheoryData<string> Broken =>
        [.. BrokenVectors.All.Where(broken => broken.InSchema).Select(broken => broken.ToString())];

    public static TheoryData<string> BrokenBeyondSchemas =>
        [.. BrokenVectors.All.Where(broken => !broken.InSchema).Select(broken => broken.ToString())];

    [Fact]
    public async Task The_schema_accepts_every_vector_of_the_repository()
    {
        var schema = await VectorSchema.Value;
        foreach (var vector in VectorSet.Load(Folder).Set!.Vectors)
            schema.Validate(await File.ReadAllTextAsync(vector.File)).Should().BeEmpty(vector.Id);
    }

    [Fact]
    public async Task The_schema_accepts_the_catalogue_of_the_repository()
    {
        var schema = await RulesSchema.Value;
        schema.Validate(await File.ReadAllTextAsync(Path.Combine(Folder, "rules.json"))).Should().BeEmpty();
    }

    [Fact]
    public async Task The_schema_accepts_the_sound_sample()
    {
        var schema = await VectorSchema.Value;
        schema.Validate(SampleVector.Text).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task The_schema_refuses_what_the_loader_refuses(string name)
    {
        var schema = await VectorSchema.Value;
        schema.Validate(Text(name)).Should().NotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(BrokenBeyondSchemas))]
    public async Task The_schema_does_not_refuse_what_only_the_loader_can_see(string name)
    {
        // A row that the schema has learnt to see belongs to the others.
        var schema = await VectorSchema.Value;
        schema.Validate(Text(name)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("\"linux\"", "\"kernel\"")]
    [InlineData("\"since\": \"5.9\"", "\"since\": \"five\"")]
    [InlineData("\"sentence\": \"Linux.\", ", "")]
    [InlineData("\"why\"", "\"because\"")]
    [InlineData("\"area.linux\"", "\"linux\"")]
    public async Task The_schema_refuses_a_broken_catalogue(string find, string replace)
    {
        var schema = await RulesSchema.Value;
        VectorFolder.Rules.Should().Contain(find);
        schema.Validate(VectorFolder.Rules).Should().BeEmpty();
        schema.Validate(VectorFolder.Rules.Replace(find, replace, StringComparison.Ordinal)).Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_schema_knows_the_same_names_as_the_loader()
    {
        var definitions = (await VectorSchema.Value).Definitions;

        Listed("attach_type_name").Should().BeEquivalentTo(Spelled<AttachType>(Names.Of));
        Listed("program_type_name").Should().BeEquivalentTo(Spelled<ProgramType>(Names.Of).Except(["unspecified"]));
        Listed("map_type_name").Should().BeEquivalentTo(MapTypeNames.All);
        Listed("errno_name").Should().BeEquivalentTo(Enum.GetNames<Errno>().Except(["None"]));

        IEnumerable<string> Listed(string definition) => definitions[definition].Enumeration.Cast<string>();
    }

    private static IEnumerable<string> Spelled<T>(Func<T, string> name)
        where T : struct, Enum => Enum.GetValues<T>().Select(name);

    private static string Text(string name)
    {
        var broken = BrokenVectors.All.Single(other => other.ToString() == name);
        return SampleVector.Text.Replace(broken.Find, broken.Replace, StringComparison.Ordinal);
    }

    private static Task<JsonSchema> Read(string name) =>
        JsonSchema.FromFileAsync(Path.Combine(Folder, "schema", $"{name}.schema.json"));
}
