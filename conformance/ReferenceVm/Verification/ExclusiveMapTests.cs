using System.Security.Cryptography;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Verification;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>What of a program counts for the hash that a map is bound by.</summary>
public class ExclusiveMapTests
{
    private const string Mismatch = "program's hash doesn't match map's excl_prog_hash";

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0, true)]
    [InlineData(2, 4, true)]
    [InlineData(5, 0, false)]
    public void Descriptors_and_places_in_values_do_not_count_but_indices_do(byte kind, int place, bool fits)
    {
        var hashed = Code(kind, descriptor: 0, place: 0);
        var loaded = Code(kind, descriptor: 1, place);
        Verify(loaded, SHA256.HashData(Bytecode.Encode(hashed))).Should().Be(fits ? null : Mismatch);
    }

    [Fact]
    public void An_index_counts_as_it_is() =>
        Verify(Code(5, descriptor: 1, place: 0), SHA256.HashData(Bytecode.Encode(Code(5, descriptor: 1, place: 0))))
            .Should()
            .BeNull();

    [Fact]
    public void Constants_count()
    {
        Instruction[] Loads(int number) => [new(Opcode.LoadImmediate64, 6, 0, 0, number), default, .. Code(1, 1, 0)];
        Instruction[] hashed = [new(Opcode.LoadImmediate64, 6, 0, 0, 7), default, .. Code(1, 0, 0)];
        Verify(Loads(7), SHA256.HashData(Bytecode.Encode(hashed))).Should().BeNull();
        Verify(Loads(8), SHA256.HashData(Bytecode.Encode(hashed))).Should().Be(Mismatch);
    }

    [Fact]
    public void A_kernel_before_6_18_makes_no_such_maps()
    {
        Errno Create(string kernel)
        {
            using var arena = new Conformance.ReferenceVm.Execution.Arena(new Limits());
            var definition = Definition(new byte[MapDefinition.ProgramHashSize]);
            return MapFactory.Create(definition, arena, new Limits(), Behaviour.For(kernel), 1, out _);
        }

        Create("6.17.9").Should().Be(Errno.EINVAL);
        Create("6.18").Should().Be(Errno.None);
    }

    private static Instruction[] Code(byte kind, int descriptor, int place) =>
        [
            new(Opcode.LoadImmediate64, 1, kind, 0, descriptor),
            default(Instruction) with
            {
                Imm = place,
            },
            .. Assembler.Assemble("r0 = 1\nexit").Instructions!,
        ];

    private static MapDefinition Definition(byte[] hash) =>
        new(MapType.Array, 4, 16, 1) { ExclusiveProgramHash = new ReadOnlyMemory<byte>(hash) };

    // The message of the refusal, or null where the program was accepted.
    private static string? Verify(Instruction[] code, byte[] hash)
    {
        using var arena = new Conformance.ReferenceVm.Execution.Arena(new Limits());
        MapFactory
            .Create(Definition(hash), arena, new Limits(), Behaviour.Latest, 1, out var map)
            .Should()
            .Be(Errno.None);
        var program = ProgramTypes.Of(ProgramType.CgroupSock);
        var request = new LoadRequest(code, program, AttachType.CgroupInetSockCreate, _ => map)
        {
            // Of an array of maps, only those that instructions name are looked at before 6.14.
            Behaviour = Behaviour.Latest with
            {
                UnnamedMapsCount = false,
            },
            MapArray = [map!, map!],
        };
        return (Verifier.Verify(request) as Refused)?.Message;
    }
}
