using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.Tests.ReferenceVm.Isa;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>Whatever the bytecode is, a run ends, and the only thing of the caller's that it changes is the memory block.</summary>
public sealed class RandomBytecodeTests
{
    private const long Budget = 2_000;

    [Property(MaxTest = 1_000)]
    public Property Random_bytes_return_trap_or_are_exhausted() =>
        Prop.ForAll(RandomInstructions.AnySlot().ArrayOf(30).ToArbitrary(), Ends);

    [Property(MaxTest = 2_000)]
    public Property Random_legal_programs_return_trap_or_are_exhausted() => Prop.ForAll(Lively().ToArbitrary(), Ends);

    [Fact]
    public void The_random_legal_programs_get_somewhere()
    {
        var results = Lively()
            .Sample(size: 50, seed: new Rnd(9669, 1), numberOfSamples: 500)
            .Select(program => UnverifiedRun.Run(program, new byte[64], Budget))
            .ToList();
        results.Count(result => result.Status == RunStatus.Returned).Should().BeGreaterThan(50);
        results.Count(result => result.Status == RunStatus.Exhausted).Should().BeGreaterThan(20);
        results
            .Select(result => result.Message)
            .Distinct()
            .Should()
            .HaveCountGreaterThan(10, "traps are of many kinds");
    }

    private static bool Ends(Instruction[] program)
    {
        // The block lies within a larger one: nothing around it may change.
        var surroundings = Enumerable.Repeat((byte)0x5a, 192).ToArray();
        var result = UnverifiedRun.Run(program, surroundings.AsSpan(64, 64), Budget);
        var untouched =
            surroundings.AsSpan(0, 64).IndexOfAnyExcept((byte)0x5a) < 0
            && surroundings.AsSpan(128).IndexOfAnyExcept((byte)0x5a) < 0;
        return untouched
            && result.Status switch
            {
                RunStatus.Returned => result.Message is null,
                RunStatus.Trapped => !string.IsNullOrEmpty(result.Message),
                RunStatus.Exhausted => true,
                _ => false,
            };
    }

    // Legal instructions whose jumps are short and whose registers often hold addresses, so that runs get somewhere: after two
    // moves R3 is the stack and R4 the block; helper numbers are those that exist.
    private static Gen<Instruction[]> Lively() =>
        from length in Gen.Choose(1, 20)
        from program in RandomInstructions.LegalProgram(length)
        from seed in Gen.Choose(0, int.MaxValue)
        select (Instruction[])
            [
                .. Assembler.Assemble("r3 = r10\nr3 += -256\nr4 = r1").Instructions!,
                .. program.Select((one, slot) => Tamed(one, (slot + 1) * (seed % 1009 + 1), program, slot)),
                new Instruction(Opcode.Exit, 0, 0, 0, 0),
            ];

    private static Instruction Tamed(Instruction instruction, int noise, Instruction[] program, int slot)
    {
        // The second slot of a 64-bit immediate stays what it is.
        if (slot > 0 && program[slot - 1].Opcode == Opcode.LoadImmediate64)
            return instruction;
        var opcode = instruction.Opcode;
        var distance = noise % 12 - 4;
        if (Opcode.IsConditionalJump(opcode) || opcode == Opcode.Goto)
            return instruction with { Offset = (short)distance };
        if (opcode == Opcode.GotoLong || (opcode == Opcode.Call && instruction.Src == (byte)CallTarget.Local))
            return instruction with { Imm = distance };
        if (opcode == Opcode.Call)
            return instruction with { Src = 0, Imm = Helpers[noise % Helpers.Length] };
        if (opcode == Opcode.LoadImmediate64)
            return instruction with
            {
                Src = (byte)(noise % 4 == 0 ? ImmediateKind.Function : ImmediateKind.Constant),
                Imm = distance,
            };
        var isMemory =
            Opcode.ClassOf(opcode)
            is InstructionClass.LoadRegister
                or InstructionClass.Store
                or InstructionClass.StoreRegister;
        var address = (byte)(3 + noise % 2);
        return isMemory
            ? instruction with
            {
                Dst = Opcode.ClassOf(opcode) == InstructionClass.LoadRegister ? instruction.Dst : address,
                Src =
                    Opcode.ClassOf(opcode) == InstructionClass.LoadRegister ? address
                    : Opcode.ClassOf(opcode) == InstructionClass.Store ? (byte)0
                    : instruction.Src,
                Offset = (short)(noise % 64 & ~7),
            }
            : instruction;
    }

    private static readonly int[] Helpers = [1, 2, 3, 5, 6, 7, 8, 12, 80, 81, 93, 94, 181, 186, 187, 999];
}
