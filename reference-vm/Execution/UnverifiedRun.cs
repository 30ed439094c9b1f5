using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Runs a program that no verifier has seen, in a checked arena of its own that holds nothing but the stack and one block of memory.
/// There are no maps and no context, so helpers that need them trap.
/// </summary>
public static class UnverifiedRun
{
    // Room for the stack, beside the memory block; objects and the arena's own steps are rounded up to less than this.
    private const long StackRoom = 1 << 20;

    /// <summary>Why a program is not worth starting: an undefined instruction or a jump that leaves it. Null where it can be run.</summary>
    public static IllegalEncoding? Violation(ReadOnlySpan<Instruction> program) =>
        program.IsEmpty
            ? new IllegalEncoding(0, "the program has no instructions")
            : EncodingRules.FirstViolation(program) ?? JumpTargets.FirstViolation(program);

    /// <summary>Runs a program to its end. Whatever it is, the worst outcome is a trap.</summary>
    /// <param name="program">Any slots; <see cref="Violation"/> need not have been asked.</param>
    /// <param name="memory">
    /// Copied into guest memory: R1 is its guest address, R2 its length in bytes; both are 0 where it is empty. What the program wrote is
    /// copied back.
    /// </param>
    /// <param name="budget">Instructions it may execute.</param>
    public static RunResult Run(ReadOnlySpan<Instruction> program, Span<byte> memory, long budget)
    {
        var limits = new Limits { PossibleCpus = 1, ArenaSize = StackRoom + 2L * memory.Length };
        using var arena = new Arena(limits, isChecked: true);
        var address = memory.IsEmpty ? 0 : arena.Allocate(memory.Length);
        if (!memory.IsEmpty)
            memory.CopyTo(arena.Bytes(address, memory.Length));

        var processors = new Processors(new RunEnvironment(arena, limits, new MapTable(), new OpenChoices()));
        var run = processors.Enter(cpu: 0);
        try
        {
            run.ContextAddress = address;
            Interpreter.Begin(
                new ResolvedProgram(WithAbsoluteFunctions(program), ProgramType.Unspecified, default, []),
                run
            );
            run.SetRegister(SecondArgument, (ulong)memory.Length);
            var result = Interpreter.Continue(run, budget);
            if (result.Status == RunStatus.Paused)
                result = result with { Status = RunStatus.Exhausted };
            if (!memory.IsEmpty)
                arena.Bytes(address, memory.Length).CopyTo(memory);
            return result;
        }
        finally
        {
            processors.Leave(run);
        }
    }

    private const int SecondArgument = 2;

    // What a verifier's output has in place of a function reference: the slot's number.
    private static Instruction[] WithAbsoluteFunctions(ReadOnlySpan<Instruction> program)
    {
        var resolved = program.ToArray();
        for (var slot = 0; slot + 1 < resolved.Length; slot += EncodingRules.SlotsAt(resolved, slot))
        {
            var instruction = resolved[slot];
            if (
                instruction is { Opcode: Opcode.LoadImmediate64, Src: (byte)ImmediateKind.Function }
                && JumpTargets.Of(instruction, slot) is >= 0 and <= int.MaxValue and var target
            )
                resolved[slot] = instruction with { Src = (byte)ImmediateKind.Constant, Imm = (int)target };
        }
        return resolved;
    }
}
