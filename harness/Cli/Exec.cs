using System.Globalization;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Cli;

/// <summary>
/// Runs one program on the reference VM without a verifier, as a plugin of the public instruction-set suite does: bytecode in hex, a
/// memory block in hex with its address in R1 and its length in R2, R0 in hex on standard output. Anything else is a message
/// on standard error and an exit code that is not 0.
/// </summary>
internal static class Exec
{
    // A program has at most a million slots of 8 bytes; written as two digits and two blanks a byte, as the public suite does,
    // that is 32 million characters. More is no program, and an endless input must end.
    private const int LongestText = 40_000_000;

    /// <summary>Runs the program.</summary>
    /// <returns>0: it returned. 1: it trapped or ran out of budget. 2: the input is broken.</returns>
    public static int Run(ExecOptions options, TextReader input, TextWriter output, TextWriter error)
    {
        if (
            !TryMemory(options, out var memory, out var message)
            || !TryText(options, input, out var text, out message)
            || !TryProgram(options, text, out var program, out message)
        )
            return Refuse(error, message);

        var result = UnverifiedRun.Run(program, memory, options.Budget);
        switch (result.Status)
        {
            case RunStatus.Returned:
                output.WriteLine(result.Value.ToString("x", CultureInfo.InvariantCulture));
                return ExitCode.Ok;
            case RunStatus.Trapped:
                error.WriteLine($"error: the program trapped at {At(program, result)}: {result.Message}");
                return ExitCode.Failures;
            default:
                error.WriteLine(
                    $"error: the program has not ended after {options.Budget} instructions; it was at {At(program, result)}"
                );
                return ExitCode.Failures;
        }
    }

    private static int Refuse(TextWriter error, string message)
    {
        error.WriteLine($"error: {message}");
        return ExitCode.BrokenInput;
    }

    private static bool TryMemory(ExecOptions options, out byte[] memory, out string message)
    {
        message = "";
        if (HexText.TryParse(options.Memory ?? "", out var bytes, out var wrong))
        {
            memory = bytes;
            return true;
        }
        memory = [];
        message = $"memory block: column {wrong.Column}: {wrong.Message}";
        return false;
    }

    private static bool TryText(ExecOptions options, TextReader input, out string text, out string message)
    {
        (text, message) = ("", "");
        if (options.Elf)
            message = "ELF objects are not supported: pass the instructions in hex";
        else if (options.Program is not null && options.File is not null)
            message = "the program is given twice: on the command line and as a file";
        else if (options.Program is not null)
            text = options.Program;
        else if (options.File is null)
            return TryRead(options, input, out text, out message);
        else if (Directory.Exists(options.File))
            message = $"{options.File}: is a directory";
        else if (!File.Exists(options.File))
            message = $"{options.File}: no such file";
        else
        {
            try
            {
                using var file = new StreamReader(options.File);
                return TryRead(options, file, out text, out message);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                message = $"{options.File}: {problem.Message}";
            }
        }
        return message.Length == 0;
    }

    private static bool TryRead(ExecOptions options, TextReader reader, out string text, out string message)
    {
        var read = new System.Text.StringBuilder();
        var buffer = new char[64 * 1024];
        while (reader.Read(buffer) is > 0 and var count && read.Length <= LongestText)
            read.Append(buffer, 0, count);
        var tooLong = read.Length > LongestText;
        text = tooLong ? "" : read.ToString();
        message = tooLong ? $"{Source(options)}: too long for a program" : "";
        return !tooLong;
    }

    private static bool TryProgram(ExecOptions options, string text, out Instruction[] program, out string message)
    {
        program = [];
        IReadOnlyList<int> lines = [];
        string? problem = null;
        if (options.Assembly)
        {
            var assembled = Assembler.Assemble(text);
            program = assembled.Instructions ?? [];
            lines = assembled.Lines;
            problem = assembled.MapReferences is [var (slot, map), ..]
                ? $"line {lines[slot]}: map '{map}': there are no maps in exec"
                : assembled.Error?.ToString();
        }
        else if (!HexText.TryParse(text, out var bytes, out var wrong))
            problem = wrong.ToString();
        else if (Bytecode.TryDecode(bytes, out var decoded, out problem))
            program = decoded;

        var most = new Limits().ProgramInstructions;
        if (program.Length > most)
            problem ??= $"{program.Length} instructions, where {most} are the most";
        if (problem is null && UnverifiedRun.Violation(program) is var (at, reason))
            problem = (at < lines.Count ? $"line {lines[at]}, " : "") + $"instruction {at}: {reason}";
        message = $"{Source(options)}: {problem}";
        return problem is null;
    }

    private static string Source(ExecOptions options) =>
        options.Program is not null ? "program" : options.File ?? "standard input";

    private static string At(Instruction[] program, RunResult result) =>
        result.InstructionIndex >= 0 && result.InstructionIndex < program.Length
            ? $"instruction {result.InstructionIndex} ({Disassembler.Instruction(program, result.InstructionIndex)})"
            : "no instruction";
}
