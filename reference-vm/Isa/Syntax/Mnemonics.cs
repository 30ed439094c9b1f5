using System.Diagnostics.CodeAnalysis;

namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>The symbols of the dialect, shared by the assembler and the disassembler.</summary>
internal static class Mnemonics
{
    /// <summary>Compound assignments; a leading <c>s</c> is the signed form.</summary>
    private static readonly Dictionary<string, (AluOperation Operation, bool Signed)> Arithmetic = new()
    {
        ["+="] = (AluOperation.Add, false),
        ["-="] = (AluOperation.Subtract, false),
        ["*="] = (AluOperation.Multiply, false),
        ["/="] = (AluOperation.Divide, false),
        ["s/="] = (AluOperation.Divide, true),
        ["%="] = (AluOperation.Modulo, false),
        ["s%="] = (AluOperation.Modulo, true),
        ["|="] = (AluOperation.Or, false),
        ["&="] = (AluOperation.And, false),
        ["^="] = (AluOperation.Xor, false),
        ["<<="] = (AluOperation.ShiftLeft, false),
        [">>="] = (AluOperation.ShiftRight, false),
        ["s>>="] = (AluOperation.ArithmeticShiftRight, false),
    };

    private static readonly Dictionary<string, JumpOperation> Comparisons = new()
    {
        ["=="] = JumpOperation.Equal,
        ["!="] = JumpOperation.NotEqual,
        ["&"] = JumpOperation.AnyBitSet,
        [">"] = JumpOperation.GreaterThan,
        [">="] = JumpOperation.GreaterOrEqual,
        ["<"] = JumpOperation.LessThan,
        ["<="] = JumpOperation.LessOrEqual,
        ["s>"] = JumpOperation.SignedGreaterThan,
        ["s>="] = JumpOperation.SignedGreaterOrEqual,
        ["s<"] = JumpOperation.SignedLessThan,
        ["s<="] = JumpOperation.SignedLessOrEqual,
    };

    private static readonly Dictionary<string, (OperandSize Size, bool Signed)> Sizes = new()
    {
        ["u8"] = (OperandSize.Byte, false),
        ["u16"] = (OperandSize.HalfWord, false),
        ["u32"] = (OperandSize.Word, false),
        ["u64"] = (OperandSize.DoubleWord, false),
        ["s8"] = (OperandSize.Byte, true),
        ["s16"] = (OperandSize.HalfWord, true),
        ["s32"] = (OperandSize.Word, true),
    };

    /// <summary>The atomics that read <c>lock *(u64 *)(r1 + 0) += r2</c>.</summary>
    private static readonly Dictionary<string, AtomicOperation> Locked = new()
    {
        ["+="] = AtomicOperation.Add,
        ["|="] = AtomicOperation.Or,
        ["&="] = AtomicOperation.And,
        ["^="] = AtomicOperation.Xor,
    };

    /// <summary>The atomics that read <c>r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)</c>.</summary>
    private static readonly Dictionary<string, AtomicOperation> Fetching = new()
    {
        ["atomic_fetch_add"] = AtomicOperation.FetchAdd,
        ["atomic_fetch_or"] = AtomicOperation.FetchOr,
        ["atomic_fetch_and"] = AtomicOperation.FetchAnd,
        ["atomic_fetch_xor"] = AtomicOperation.FetchXor,
    };

    public static bool TryArithmetic(string text, out (AluOperation Operation, bool Signed) found) =>
        Arithmetic.TryGetValue(text, out found);

    public static bool TryComparison(string text, out JumpOperation operation) =>
        Comparisons.TryGetValue(text, out operation);

    public static bool TrySize(string text, out (OperandSize Size, bool Signed) found) =>
        Sizes.TryGetValue(text, out found);

    public static bool TryLocked(string text, out AtomicOperation operation) => Locked.TryGetValue(text, out operation);

    public static bool TryFetching(string text, out AtomicOperation operation) =>
        Fetching.TryGetValue(text, out operation);

    public static string Of(AluOperation operation, bool signed) =>
        Arithmetic.First(entry => entry.Value == (operation, signed)).Key;

    public static string Of(JumpOperation operation) => Comparisons.First(entry => entry.Value == operation).Key;

    public static string Of(OperandSize size, bool signed) => Sizes.First(entry => entry.Value == (size, signed)).Key;

    public static bool TryLocked(AtomicOperation operation, [NotNullWhen(true)] out string? symbol) =>
        (symbol = Locked.FirstOrDefault(entry => entry.Value == operation).Key) is not null;

    public static bool TryFetching(AtomicOperation operation, [NotNullWhen(true)] out string? name) =>
        (name = Fetching.FirstOrDefault(entry => entry.Value == operation).Key) is not null;
}
