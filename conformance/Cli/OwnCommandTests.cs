using Conformance.Cli;

namespace Conformance.Tests.Cli;

public sealed class OwnCommandTests
{
    [Theory]
    [InlineData("/usr/bin/helper-conformance", "helper-conformance")]
    [InlineData("/build/bin/helper-conformance", "./bin/helper-conformance")]
    [InlineData("/opt/my tools/helper-conformance", "'/opt/my tools/helper-conformance'")]
    [InlineData("/usr/bin/dotnet", "dotnet ./bin/helper-conformance.dll")]
    public void A_command_can_be_started_again_as_it_was(string process, string command) =>
        OwnCommand
            .Of(process, "/build/bin/helper-conformance.dll", ["/bin", "/usr/bin"], "/build")
            .Should()
            .Be(command);

    [Theory]
    [InlineData("plain-word@a.b", "plain-word@a.b")]
    [InlineData("a*b", "'a*b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    public void A_word_survives_the_shell(string word, string quoted) => OwnCommand.Quoted(word).Should().Be(quoted);
}
