using Conformance.Cli;

namespace Conformance.Tests.Cli;

/// <summary><c>exec</c>: the plugin convention of the public suite, and every kind of broken input.</summary>
public sealed class ExecTests : IDisposable
{
    private const string ReturnR1Plus2 = "b7 00 00 00 02 00 00 00  0f 10 00 00 00 00 00 00\n95 00 00 00 00 00 00 00\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("exec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Hex_from_standard_input_prints_r0_in_hex() =>
        Exec("b70000002a000000 9500000000000000").Should().Be((0, "2a\n", ""));

    [Fact]
    public void A_negative_result_has_64_bits() =>
        Exec("r0 = -1\nexit", new ExecOptions { Assembly = true }).Should().Be((0, "ffffffffffffffff\n", ""));

    [Fact]
    public void The_public_suites_spelling_is_read()
    {
        // Two blanks after each byte and an empty memory argument: so it is sent.
        var program = string.Concat(
            "b7000000070000009500000000000000".Chunk(2).Select(pair => new string(pair) + "  ")
        );
        Exec(program + "\n", new ExecOptions { Memory = "" }).Should().Be((0, "7\n", ""));
    }

    [Fact]
    public void Memory_is_at_r1_and_its_length_in_r2() =>
        Exec(
                "r0 = *(u32 *)(r1 + 0)\nr0 <<= 8\nr0 |= r2\nexit",
                new ExecOptions { Assembly = true, Memory = "11 22 33 44  55" }
            )
            .Should()
            .Be((0, "4433221105\n", ""));

    [Fact]
    public void A_program_may_come_from_a_file_or_from_the_command_line()
    {
        Exec("", new ExecOptions { File = Written("r0 = 5\nexit"), Assembly = true }).Should().Be((0, "5\n", ""));
        Exec("", new ExecOptions { Program = ReturnR1Plus2 }).Should().Be((0, "2\n", ""));
    }

    [Fact]
    public void A_local_call_and_an_atomic_work_from_hex() =>
        Exec("85100000010000009500000000000000b700000009000000db0af8ff00000000 79a0f8ff00000000 9500000000000000")
            .Should()
            .Be((0, "9\n", ""));

    [Theory]
    [InlineData("r0 = *(u8 *)(r0 + 0)\nexit", "instruction 0 (r0 = *(u8 *)(r0 + 0))")]
    [InlineData("r0 = 0", "instruction 0 (r0 = 0)")]
    [InlineData("call 5000\nexit", "instruction 0 (call 5000)")]
    [InlineData("exit2: call exit2", "instruction 0 (call -1)")]
    public void A_trap_is_a_message_and_1(string text, string place)
    {
        var (code, output, error) = Exec(text, new ExecOptions { Assembly = true });
        (code, output).Should().Be((1, ""));
        error.Should().StartWith($"error: the program trapped at {place}: ").And.EndWith("\n");
    }

    [Fact]
    public void An_endless_loop_ends_at_the_budget_with_1() =>
        Exec("0500ffff00000000", new ExecOptions { Budget = 1000 })
            .Should()
            .Be(
                (1, "", "error: the program has not ended after 1000 instructions; it was at instruction 0 (goto -1)\n")
            );

    [Theory]
    [InlineData("", false, "standard input: instruction 0: the program has no instructions")]
    [InlineData(
        "b7 00",
        false,
        "standard input: bytecode of 2 bytes is not a multiple of 8: slot 0, at byte 0, has only 2"
    )]
    [InlineData("95 00\n0x", false, "standard input: line 2, column 2: 'x' is not a hex digit")]
    [InlineData("950", false, "standard input: line 1, column 4: byte 1 has only one hex digit")]
    [InlineData("9 50", false, "standard input: line 1, column 2: byte 0 has only one hex digit")]
    [InlineData("\0", false, "standard input: line 1, column 1: character U+0000 is not a hex digit")]
    [InlineData("8d00000000000000", false, "standard input: instruction 0: unknown opcode 8d")]
    [InlineData("0500050000000000", false, "standard input: instruction 0: jump out of range from insn 0 to 6")]
    [InlineData("exit\ngoto +1", true, "standard input: line 2, instruction 1: jump out of range from insn 1 to 3")]
    [InlineData("r0 = 0\nfrobnicate", true, "standard input: line 2, column 1: unknown mnemonic 'frobnicate'")]
    [InlineData("r1 = map[storage] ll\nexit", true, "standard input: line 1: map 'storage': there are no maps in exec")]
    public void Broken_input_is_one_message_and_2(string text, bool assembly, string message) =>
        Exec(text, new ExecOptions { Assembly = assembly }).Should().Be((2, "", $"error: {message}\n"));

    [Fact]
    public void Broken_arguments_are_one_message_and_2()
    {
        Exec(ReturnR1Plus2, new ExecOptions { Memory = "zz" })
            .Should()
            .Be((2, "", "error: memory block: column 1: 'z' is not a hex digit\n"));
        Exec(ReturnR1Plus2, new ExecOptions { Elf = true }).Code.Should().Be(2);
        Exec("", new ExecOptions { File = "x", Program = ReturnR1Plus2 }).Code.Should().Be(2);

        var missing = Path.Combine(_folder, "missing");
        Exec("", new ExecOptions { File = missing }).Should().Be((2, "", $"error: {missing}: no such file\n"));
        Exec("", new ExecOptions { File = _folder }).Should().Be((2, "", $"error: {_folder}: is a directory\n"));
    }

    [Fact]
    public void An_endless_input_is_refused()
    {
        var (code, output, error) = Exec(new EndlessText());
        (code, output, error).Should().Be((2, "", "error: standard input: too long for a program\n"));
    }

    [Theory]
    [InlineData("exec", "", "")]
    [InlineData("exec", "11  22  ", "")]
    [InlineData("exec", "11  22  ", "--debug")]
    [InlineData("exec", "--debug")]
    [InlineData("exec", "--budget", "3")]
    public void The_command_takes_what_the_public_suite_passes(params string[] args) =>
        Command(ReturnR1Plus2, args).Code.Should().Be(0);

    [Theory]
    [InlineData("exec", "11", "22")]
    [InlineData("exec", "--budget", "0")]
    [InlineData("exec", "--budget", "many")]
    [InlineData("exec", "--elf")]
    [InlineData("exec", "--nonsense")]
    public void The_command_refuses_what_means_nothing(params string[] args)
    {
        var (code, output, error) = Command(ReturnR1Plus2, args);
        (code, output).Should().Be((2, ""));
        error.Should().StartWith("error: ").And.NotContain("   at ");
    }

    private static (int Code, string Output, string Error) Command(string input, string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, error) { In = new StringReader(input) };
        var code = CommandLine.Run(args, terminal, Machines.Known);
        return (code, output.ToString(), error.ToString());
    }

    private string Written(string text)
    {
        var path = Path.Combine(_folder, "program");
        File.WriteAllText(path, text);
        return path;
    }

    private static (int Code, string Output, string Error) Exec(string input, ExecOptions? options = null) =>
        Exec(new StringReader(input), options);

    private static (int Code, string Output, string Error) Exec(TextReader input, ExecOptions? options = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = Conformance.Cli.Exec.Run(options ?? new ExecOptions(), input, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class EndlessText : TextReader
    {
        public override int Read(Span<char> buffer)
        {
            buffer.Fill('0');
            return buffer.Length;
        }
    }
}
