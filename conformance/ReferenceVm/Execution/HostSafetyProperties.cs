using System.Buffers.Binary;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Tests.ReferenceVm.Execution;

/// <summary>Random bytecode, most of it nonsense, some of it with addresses that are nearly right: whatever it is, the run ends with an answer.</summary>
public sealed class HostSafetyProperties
{
    private const int Programs = 4_000;
    private const int Length = 24;
    private const long Budget = 2_000;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void No_bytecode_does_more_than_trap(int seed, bool isChecked)
    {
        using var guest = new Guest(isChecked, new Limits { ArenaSize = 1 << 22 });
        var storage = guest.Map<CgroupStorageMap>("s", new MapDefinition(MapType.CgroupStorage, 16, 16, 0));
        guest.Map("a", new MapDefinition(MapType.Array, 4, 16, 4));
        guest.Map("h", new MapDefinition(MapType.Hash, 8, 16, 4));
        var entry = storage.Create(1, default)!;
        var random = new Random(seed);
        var endings = new HashSet<RunStatus>();
        for (var count = 0; count < Programs; count++)
        {
            var program = ResolvedProgram.Unverified(Nonsense(random));
            var result = guest.Run(
                program,
                run =>
                {
                    run.SharedStorage = entry;
                    run.ContextAddress = entry.AddressOn(0);
                },
                budget: Budget
            );
            endings.Add(result.Status);
            (result.Message is null).Should().Be(result.Status != RunStatus.Trapped);
        }

        endings.Should().BeEquivalentTo([RunStatus.Returned, RunStatus.Trapped, RunStatus.Exhausted]);
        guest.Result("r0 = 1\nexit").Should().Be(1);
    }

    private static Instruction[] Nonsense(Random random)
    {
        byte[] usual =
        [
            0xb7,
            0xbf,
            0x07,
            0x0f,
            0x79,
            0x7b,
            0x7a,
            0x61,
            0x63,
            0xdb,
            0xc3,
            0x15,
            0x55,
            0x1d,
            0x85,
            0x95,
            0x18,
        ];
        int[] helpers = [1, 2, 3, 5, 6, 7, 8, 12, 80, 81, 93, 94, 181, 186, 187];
        var program = new Instruction[Length];
        for (var slot = 0; slot < Length; slot++)
        {
            var opcode = random.Next(4) == 0 ? (byte)random.Next(256) : usual[random.Next(usual.Length)];
            var fromRegister = (opcode & 8) != 0;
            program[slot] = new Instruction(
                opcode,
                opcode == Opcode.Call ? (byte)0 : (byte)random.Next(12),
                opcode == Opcode.Call ? (byte)random.Next(2)
                    : (opcode & 7) is 4 or 5 or 6 or 7 && !fromRegister ? (byte)0
                    : (byte)random.Next(11),
                (opcode & 7) is 4 or 7 || opcode is Opcode.Call or Opcode.Exit or 0x18
                    ? (short)0
                    : (short)random.Next(-16, 16),
                opcode == Opcode.Call
                        ? (random.Next(2) == 0 ? helpers[random.Next(helpers.Length)] : random.Next(-8, 8))
                    : opcode is Opcode.Exit || (fromRegister && (opcode & 7) is 4 or 5 or 6 or 7) ? 0
                    : random.Next(-16, 64)
            );
            if (opcode == Opcode.LoadImmediate64 && slot + 1 < Length)
            {
                var value = Pointer(random);
                program[slot] = new Instruction(opcode, (byte)random.Next(10), 0, 0, (int)value);
                program[++slot] = new Instruction(0, 0, 0, 0, (int)(value >> 32));
            }
        }

        program[^1] = new Instruction(Opcode.Exit, 0, 0, 0, 0);
        return program;
    }

    private static ulong Pointer(Random random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.NextBytes(bytes);
        return random.Next(5) switch
        {
            0 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            1 => MapTokens.Of(random.Next(6)),
            2 => Arena.Base + (ulong)random.Next(1 << 23) - (1 << 20),
            3 => Arena.Base + 4096 + (ulong)random.Next(1 << 12),
            _ => (ulong)random.Next(),
        };
    }
}
