using System.Buffers.Binary;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>Small programs run by the interpreter without a verifier, on a block of memory with its address in R1.</summary>
internal static class Interpreted
{
    private const long Budget = 10_000;

    public static RunResult Run(string text, Span<byte> memory = default, long budget = Budget)
    {
        var assembled = Assembler.Assemble(text);
        assembled.Error.Should().BeNull();
        return UnverifiedRun.Run(assembled.Instructions, memory, budget);
    }

    /// <summary>R0 of a program that must return. It finds <paramref name="words"/> in memory, 8 bytes each.</summary>
    public static ulong Value(string text, params ulong[] words)
    {
        var memory = Memory(words);
        return Value(text, memory);
    }

    public static ulong Value(string text, Span<byte> memory)
    {
        var result = Run(text, memory);
        result.Message.Should().BeNull();
        result.Status.Should().Be(RunStatus.Returned);
        return result.Value;
    }

    /// <summary>Why a program was stopped.</summary>
    public static string Trap(string text, Span<byte> memory = default)
    {
        var result = Run(text, memory);
        result.Status.Should().Be(RunStatus.Trapped);
        return result.Message!;
    }

    public static byte[] Memory(params ulong[] words)
    {
        var memory = new byte[words.Length * sizeof(ulong)];
        for (var index = 0; index < words.Length; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(index * sizeof(ulong)), words[index]);
        return memory;
    }
}
