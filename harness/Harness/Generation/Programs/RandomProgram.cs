using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation.Programs;

/// <summary>
/// A random program over <see cref="ProgramWorld"/>. Most are right: every statement is what a compiler might emit, now and then with a check left
/// out or a number off by a little; in some a slot or two is changed at random afterwards.
/// </summary>
/// <param name="Seed">The seed it came from: the same seed is the same program on every machine.</param>
/// <param name="Type">Its program type.</param>
/// <param name="AttachType">Its expected attach type.</param>
/// <param name="Features">What it makes use of.</param>
/// <param name="Code">Its instructions; map references are not filled in.</param>
/// <param name="Maps">Its map references.</param>
public sealed record RandomProgram(
    int Seed,
    ProgramType Type,
    AttachType AttachType,
    ProgramFeatures Features,
    IReadOnlyList<Instruction> Code,
    IReadOnlyList<MapReference> Maps
)
{
    private const int LongestProgram = 12;

    // One seed of so many is a program that counts, by itself and not by chance, so that the others stay what they are.
    private const uint CountingOneIn = 10;

    // BPF_F_TEST_STATE_FREQ: a state is kept wherever one may be, and more is found to be the same.
    private const uint EveryState = 8;

    /// <summary>BPF_F_* load flags.</summary>
    public uint LoadFlags { get; init; }

    /// <summary>The program of a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="type">The program type, where it must not be random.</param>
    /// <param name="mutations">Slots to change at random, where that must not be random either.</param>
    public static RandomProgram Generate(int seed, ProgramType? type = null, int? mutations = null)
    {
        var random = new Random(seed);
        var info = ProgramTypes.Of(type ?? Types[random.Next(Types.Length)]);
        var attachType = info.AttachTypes[random.Next(info.AttachTypes.Count)];
        var writer = new ProgramWriter(random, info, attachType);
        var counts = unchecked((uint)seed) % CountingOneIn == CountingOneIn - 1;
        Write(writer, counts);
        var assembled = Assembler.Assemble(writer.Text);
        if (!assembled.Succeeded)
        {
            throw new InvalidOperationException(
                $"The program of seed {seed} does not assemble: {assembled.Error}\n{writer.Text}"
            );
        }

        var code = assembled.Instructions!;
        var features = writer.Features;
        for (var left = mutations ?? Mutations(random); left > 0; left--)
        {
            ProgramMutation.Apply(random, code);
            features |= ProgramFeatures.Mutated;
        }

        return new RandomProgram(
            seed,
            info.Type,
            attachType,
            features,
            code,
            [
                .. assembled
                    .MapReferences.Where(map => IsReference(code, map.Instruction))
                    .Select(map => new MapReference(map.Instruction, map.Map)),
            ]
        )
        {
            LoadFlags = counts && random.Next(2) == 0 ? EveryState : 0,
        };
    }

    /// <summary>The operation that loads it.</summary>
    /// <param name="name">The name to load it under.</param>
    public ProgLoad Load(string name) =>
        new(name, Type, AttachType, Bytecode.Encode([.. Code]), Maps) { Flags = LoadFlags };

    // Packets first: they have the most to get wrong.
    private static readonly ProgramType[] Types =
    [
        ProgramType.CgroupSkb,
        ProgramType.CgroupSkb,
        ProgramType.CgroupSkb,
        .. ProgramTypes.All.Where(info => info.IsCgroupType).Select(info => info.Type),
    ];

    private static int Mutations(Random random) =>
        random.Next(20) switch
        {
            < 12 => 0,
            < 17 => 1,
            _ => 2,
        };

    // A mutation may have made something else of the slot.
    private static bool IsReference(Instruction[] code, int slot) =>
        code[slot].Opcode == Opcode.LoadImmediate64 && code[slot].Src == 1;

    private static void Write(ProgramWriter writer, bool counts)
    {
        writer.Emit("r6 = r1");
        if (counts)
        {
            CountingStatements.Write(writer);
        }
        else
        {
            WriteAnything(writer);
        }

        if (!writer.OneIn(4))
        {
            writer.Emit(
                $"*(u32 *)(r10 - 4) = 0\nr2 = r10\nr2 += -4\nr1 = map[{ProgramWorld.Results}] ll\ncall 1\nif r0 == 0 goto end"
            );
            writer.Emit("*(u64 *)(r0 + 0) = r7\n*(u64 *)(r0 + 8) = r8\n*(u64 *)(r0 + 16) = r9\nend:");
        }

        writer.Emit(writer.OneIn(8) ? "r0 = r7\nr0 &= 1\nexit" : "r0 = 1\nexit");
    }

    private static void WriteAnything(ProgramWriter writer)
    {
        if (!writer.OneIn(4))
        {
            StackStatements.Initialise(writer);
        }

        foreach (var register in (ReadOnlySpan<string>)["r7", "r8", "r9"])
        {
            writer.Emit($"{register} = {writer.Constant()}");
        }

        Statements.Write(writer, writer.Next(2, LongestProgram), depth: 0);
    }
}
