using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Vectors;

/// <summary>What one rule demands of an operation's answer. Without conditions: that it succeeds.</summary>
/// <param name="Rule">Id of the rule that is judged.</param>
/// <param name="Conditions">All must hold.</param>
public sealed record Expectation(string Rule, IReadOnlyList<Condition> Conditions);

/// <summary>One member of an expectation.</summary>
public abstract record Condition;

/// <summary>The call, or the event's system call, fails with this.</summary>
public sealed record ErrnoIs(Errno Errno) : Condition;

/// <summary>How the event ends.</summary>
public sealed record OutcomeIs(EventOutcome Outcome) : Condition;

/// <summary>The program is refused at load.</summary>
/// <param name="Errno">With this, or any.</param>
/// <param name="Message">With this as part of the log, or whatever.</param>
public sealed record IsRefused(Errno? Errno, string? Message) : Condition;

/// <summary>The program is refused at load, or stopped when it is run.</summary>
public sealed record IsForbidden : Condition;

/// <summary>The run is stopped by the machine.</summary>
public sealed record IsTrapped : Condition;

/// <summary>The run uses up its budget.</summary>
public sealed record IsExhausted : Condition;

/// <summary>Fields of the value that was looked up.</summary>
public sealed record ValueHas(IReadOnlyList<ExpectedField> Fields) : Condition;

/// <summary>Number of bytes that the lookup returned.</summary>
/// <param name="Bytes">The number; for a per-CPU map, of one area.</param>
/// <param name="PerCpu">Whether the map is per CPU.</param>
public sealed record SizeIs(int Bytes, bool PerCpu) : Condition;

/// <summary>The next key.</summary>
/// <param name="Key">The key; a null attach type is not compared.</param>
/// <param name="ComparePadding">Whether the vector names the padding.</param>
public sealed record KeyIs(MapKey Key, bool ComparePadding) : Condition;

/// <summary>R0 of a test run.</summary>
public sealed record ReturnValueIs(NumberExpectation Number) : Condition;

/// <summary>The programs a query names, in order.</summary>
public sealed record ProgramsAre(IReadOnlyList<string> Programs) : Condition;

/// <summary>The attach flags a query answers.</summary>
public sealed record AttachFlagsAre(uint Flags) : Condition;

/// <summary>A field of a value and what it must hold.</summary>
/// <param name="Offset">Byte offset in the value, or in one CPU's area.</param>
/// <param name="Cpu">The area, for per-CPU maps.</param>
/// <param name="Position">Byte offset in what user space receives.</param>
/// <param name="Width">Bytes of the field.</param>
public sealed record ExpectedField(int Offset, int Cpu, int Position, int Width)
{
    /// <summary>The number expected of a little-endian field of up to 8 bytes.</summary>
    public NumberExpectation? Number { get; init; }

    /// <summary>The bytes expected of a field of bytes.</summary>
    public ImmutableArray<byte> Bytes { get; init; } = [];

    /// <summary>For text: <c>u64 at 8</c>, with the CPU where it is not 0.</summary>
    public string Text =>
        (Number is null ? $"{Width} bytes" : $"u{Width * 8}") + $" at {Offset}" + (Cpu == 0 ? "" : $" of CPU {Cpu}");
}
