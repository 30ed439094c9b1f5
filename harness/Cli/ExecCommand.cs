using System.CommandLine;

namespace Conformance.Cli;

/// <summary><c>helper-conformance exec</c>: see <see cref="Exec"/>.</summary>
internal static class ExecCommand
{
    public static Command Create(Terminal terminal)
    {
        // The public suite passes the memory block, which may be empty, and then its plugin options, which usually are.
        var memory = new Argument<string[]>("memory")
        {
            Description = "A block of memory in hex: its address is in r1, its length in r2; without one both are 0.",
            Arity = new ArgumentArity(0, 2),
        };
        var file = new Option<string?>("--file")
        {
            Description = "Read the program from this file, not from standard input.",
            HelpName = "FILE",
        };
        var program = new Option<string?>("--program") { Description = "The program itself.", HelpName = "TEXT" };
        var assembly = new Option<bool>("--asm")
        {
            Description =
                "The program is assembly as LLVM and bpftool write it, one instruction a line (r0 = 7), not hex.",
        };
        var budget = new Option<long>("--budget")
        {
            Description = "Instructions after which the program is ended.",
            HelpName = "N",
            DefaultValueFactory = _ => ExecOptions.DefaultBudget,
            CustomParser = WholeNumber.Parse<long>,
        };
        var elf = new Option<bool>("--elf") { Hidden = true };
        var command = new Command(
            "exec",
            "Run one program on the reference VM without a verifier and print r0 in hex, without 0x: little-endian bytecode in hex, blanks and "
                + "line breaks ignored, from standard input, or as said by options. There are no maps. Exit code 0: it returned; 1: it was stopped, or "
                + "used up its budget; 2: the program cannot be read. This is the plugin convention of the public instruction-set suite."
        )
        {
            memory,
            file,
            program,
            assembly,
            budget,
            elf,
        };
        command.SetAction(parsed =>
        {
            var blocks = (parsed.GetValue(memory) ?? []).Where(block => !string.IsNullOrWhiteSpace(block)).ToArray();
            if (blocks.Length > 1)
            {
                return terminal.Refuse("there is one block of memory; quote it where it has blanks");
            }

            if (parsed.GetValue(budget) <= 0)
            {
                return terminal.Refuse("--budget is at least 1");
            }

            var options = new ExecOptions
            {
                Memory = blocks.FirstOrDefault(),
                File = parsed.GetValue(file),
                Program = parsed.GetValue(program),
                Assembly = parsed.GetValue(assembly),
                Budget = parsed.GetValue(budget),
                Elf = parsed.GetValue(elf),
            };
            return Exec.Run(options, terminal.In, terminal.Out, terminal.Error);
        });
        return command;
    }
}
