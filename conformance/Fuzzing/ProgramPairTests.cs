using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.Mutants;
using Conformance.ReferenceVm.Isa;
using Conformance.Tests.Harness.Running;

namespace Conformance.Tests.Fuzzing;

public sealed class ProgramPairTests : IDisposable
{
    private static readonly string[] Storage = ["r1 = map[storage] ll", "r2 = 0", "call 81"];
    private static readonly string[] End = ["r0 = 1", "exit"];

    private readonly ReferenceVirtualMachine _reference = new();
    private readonly List<IVirtualMachine> _others = [];

    public void Dispose()
    {
        _reference.Dispose();
        _others.ForEach(machine => machine.Dispose());
    }

    [Fact]
    public void Equal_machines_show_the_same()
    {
        var trial = Against(new ReferenceVirtualMachine(), [.. Storage, "*(u64 *)(r0 + 8) = 7", .. End]);

        trial.Should().Match<ProgramTrial>(t => t.Verdicts == VerdictComparison.Same && t.Run == RunComparison.Same);
        trial.IsFailure.Should().BeFalse();
        trial.Cause.Should().BeNull();
    }

    [Fact]
    public void A_machine_with_another_storage_shows_another_result()
    {
        var trial = Against(Wrong("allocates-per-run"), [.. Storage, "*(u64 *)(r0 + 8) = 7", .. End]);

        trial.Run.Should().Be(RunComparison.Different);
        trial.Problem!.Kind.Should().Be(ProgramProblemKind.DifferentResult);
        trial.Problem.Text.Should().Contain("storage ");
        trial.Cause.Should().Be("different: storage");
        trial.IsFailure.Should().BeTrue();
    }

    private static readonly string[] Branch =
    [
        .. Storage,
        "r8 = *(u8 *)(r0 + 8)",
        "r8 &= 7",
        "if r8 < 4 goto small",
        "*(u64 *)(r0 + 0) = 5",
        "small:",
        .. End,
    ];

    [Fact]
    public void A_machine_that_takes_the_wrong_branch_until_it_is_veiled_contradicts_itself()
    {
        var trial = Against(new JumpReverser(IsPlain), Branch, first: new ReferenceVirtualMachine());

        trial.Run.Should().Be(RunComparison.Contradicted);
        trial.Contradiction.Should().Contain("storage ");
        trial.IsFailure.Should().BeFalse();
    }

    [Fact]
    public void A_machine_that_takes_the_wrong_branch_also_when_it_is_veiled_is_different()
    {
        var trial = Against(new JumpReverser(_ => true), Branch);

        trial.Run.Should().Be(RunComparison.Different);
        trial.IsFailure.Should().BeTrue();
    }

    [Fact]
    public void A_contradiction_of_the_machine_under_test_is_a_difference()
    {
        var trial = Against(new ReferenceVirtualMachine(), Branch, first: new JumpReverser(IsPlain));

        trial.Run.Should().Be(RunComparison.Different);
    }

    [Fact]
    public void A_machine_that_accepts_what_the_other_refuses_is_unsound()
    {
        using var pair = new ProgramPair(Wrong("accepts-flags"), _reference);

        var trial = pair.Try(TestProgram.Of(["r1 = map[storage] ll", "r2 = 1", "call 81", .. End]));

        trial.Verdicts.Should().Be(VerdictComparison.Unsound);
        trial.Run.Should().Be(RunComparison.NotRun);
        trial.IsFailure.Should().BeTrue();
    }

    [Fact]
    public void A_machine_that_refuses_what_the_other_accepts_has_a_gap()
    {
        var trial = Against(Wrong("accepts-flags"), ["r1 = map[storage] ll", "r2 = 1", "call 81", .. End]);

        trial.Verdicts.Should().Be(VerdictComparison.Gap);
        trial.IsFailure.Should().BeFalse();
    }

    [Fact]
    public void A_machine_that_breaks_over_a_load_has_come_to_no_verdict()
    {
        var breaks = new ScriptedMachine(operation =>
            operation is ProgLoad ? new Answer(AnswerKind.Broken) { Message = "lost its way" } : Answer.Ok
        );

        var trial = Against(breaks, ["r0 = 1", "exit"]);

        trial.Problem!.Kind.Should().Be(ProgramProblemKind.Broken);
        trial.Problem.Text.Should().Contain("lost its way");
        trial.Verdicts.Should().Be(VerdictComparison.None);
        trial.IsFailure.Should().BeTrue();
        trial.Cause.Should().Be("broken: lost its way");
    }

    [Theory]
    [InlineData("call 7")]
    [InlineData("call 5")]
    [InlineData("call 80")]
    [InlineData("r0 = *(u64 *)(r10 - 8)")]
    [InlineData("r0 = r10")]
    public void What_chance_decides_is_not_compared(string source)
    {
        var trial = Against(
            new ReferenceVirtualMachine(),
            [source, "r7 = r0", .. Storage, "*(u64 *)(r0 + 0) = r7", .. End]
        );

        trial.Run.Should().Be(RunComparison.Undetermined);
    }

    [Fact]
    public void What_lies_on_the_stack_by_chance_is_not_compared()
    {
        // One number of four billion: no witness has it there.
        string[] lines =
        [
            "r7 = *(u32 *)(r10 - 24)",
            .. Storage,
            "r8 = 0",
            "if r7 != 1 goto other",
            "r8 = 9",
            "other:",
            "*(u64 *)(r0 + 0) = r8",
            .. End,
        ];

        Against(new OldStack(), lines).Run.Should().Be(RunComparison.Undetermined);
    }

    [Fact]
    public void A_program_that_runs_too_long_is_kept_from_the_machines()
    {
        var trial = Against(
            new ReferenceVirtualMachine(),
            [
                "r1 = 8000000",
                "r2 = func[callback] ll",
                "r3 = 0",
                "r4 = 0",
                "call 181",
                .. End,
                "callback:",
                "r0 = 0",
                "exit",
            ]
        );

        trial.Run.Should().Be(RunComparison.TooLong);
    }

    [Fact]
    public void The_programs_of_a_world_do_not_see_each_other()
    {
        // Two machines that let them see each other would still agree: one machine is held against itself.
        var bench = new ProgramBench(_reference);
        var adds = TestProgram.Of([.. Storage, "r1 = 1", "lock *(u64 *)(r0 + 0) += r1", .. End]);
        var first = Run();

        for (var i = 0; i < 5; i++)
        {
            Run().Difference(first).Should().BeNull();
        }

        ProgramResult Run()
        {
            bench.Load(adds).Kind.Should().Be(AnswerKind.Ok);
            var result = bench.Run(adds);
            bench.Unload();
            return result;
        }
    }

    // Not veiled.
    private static bool IsPlain(Instruction[] code) =>
        !Array.Exists(code, instruction => instruction.Imm == 0x5a5a5a5a);

    private ProgramTrial Against(IVirtualMachine other, string[] lines, IVirtualMachine? first = null)
    {
        _others.Add(other);
        _others.AddRange(first is null ? [] : [first]);
        using var pair = new ProgramPair(first ?? _reference, other);
        return pair.Try(TestProgram.Of(lines));
    }

    private IVirtualMachine Wrong(string id)
    {
        var machine = Mutant.All.Single(mutant => mutant.Id == id).Create();
        _others.Add(machine);
        return machine;
    }

    // A reference VM on whose stack a 1 lies: it stores one first, where a program does not begin with a store.
    private sealed class OldStack : IVirtualMachine
    {
        private const byte StoreImmediate = 0x7a;

        private readonly ReferenceVirtualMachine _inner = new();

        public MachineIdentity Identity => _inner.Identity;

        public Answer Perform(Operation operation) =>
            _inner.Perform(
                operation is ProgLoad load && load.Instructions[0] != StoreImmediate
                    ? load with
                    {
                        Instructions =
                        [
                            .. Bytecode.Encode([new Instruction(StoreImmediate, Register.Frame, 0, -24, 1)]),
                            .. load.Instructions,
                        ],
                        Maps = [.. load.Maps.Select(map => map with { Instruction = map.Instruction + 1 })],
                    }
                    : operation
            );

        public void Reset() => _inner.Reset();

        public void Dispose() => _inner.Dispose();
    }

    // A reference VM that takes "if less" for "if not less" in some programs.
    private sealed class JumpReverser(Predicate<Instruction[]> takes) : IVirtualMachine
    {
        private readonly ReferenceVirtualMachine _inner = new();

        public MachineIdentity Identity => _inner.Identity;

        public Answer Perform(Operation operation) =>
            _inner.Perform(
                operation is ProgLoad load && Bytecode.Decode(load.Instructions) is var code && takes(code)
                    ? load with
                    {
                        Instructions = Bytecode.Encode([.. code.Select(Reversed)]),
                    }
                    : operation
            );

        public void Reset() => _inner.Reset();

        public void Dispose() => _inner.Dispose();

        private static Instruction Reversed(Instruction jump)
        {
            const byte IfLess = 0xa5;
            const byte IfNotLess = 0x35;
            return jump.Opcode == IfLess ? jump with { Opcode = IfNotLess } : jump;
        }
    }
}
