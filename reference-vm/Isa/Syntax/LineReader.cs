using System.Globalization;

namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>A register as written.</summary>
/// <param name="Number">0 to 10.</param>
/// <param name="Wide">Whether all 64 bits are meant (<c>r1</c>) or the lower 32 (<c>w1</c>).</param>
/// <param name="Token">Where it stands.</param>
internal readonly record struct RegisterOperand(byte Number, bool Wide, Token Token);

/// <summary>Where a jump, call or function reference goes: a distance in slots, or a label that is still to be found.</summary>
internal readonly record struct Target(Token Token, int? Distance);

/// <summary>
/// Reads the tokens of one line. Every method returns whether it could; the first failure is kept as <see cref="Error"/>.
/// </summary>
internal sealed class LineReader(IReadOnlyList<Token> tokens, int line)
{
    private int _next;

    public AssemblyError? Error { get; private set; }

    public int Line => line;

    public Token Peek => tokens[_next];

    public Token PeekSecond => PeekAt(1);

    public Token PeekAt(int distance) => tokens[Math.Min(_next + distance, tokens.Count - 1)];

    public Token Take() => Peek.IsEnd ? Peek : tokens[_next++];

    public bool Fail(string message) => Fail(Peek, message);

    public bool Fail(Token at, string message)
    {
        Error ??= new AssemblyError(message, line, at.Column);
        return false;
    }

    public bool Accept(string text)
    {
        if (!string.Equals(Peek.Text, text, StringComparison.Ordinal) || Peek.IsEnd)
            return false;
        _next++;
        return true;
    }

    public bool Expect(string text) => Accept(text) || Fail($"expected '{text}', found {Peek}");

    public bool ExpectEnd() => Peek.IsEnd || Fail($"unexpected {Peek} after the instruction");

    /// <summary>Whether the token has the form of a register, existing or not.</summary>
    public static bool LooksLikeRegister(Token token) =>
        token.IsName
        && token.Text.Length > 1
        && token.Text[0] is 'r' or 'w'
        && token.Text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    public bool Register(out RegisterOperand register)
    {
        register = default;
        if (!LooksLikeRegister(Peek))
            return Fail(Peek.IsEnd ? "missing operand: expected a register" : $"expected a register, found {Peek}");
        var digits = Peek.Text.AsSpan(1);
        if (
            digits.Length > 2
            || (digits.Length == 2 && digits[0] == '0')
            || int.Parse(digits, CultureInfo.InvariantCulture) >= Isa.Register.Count
        )
            return Fail(
                $"there is no register {Peek.Text}: registers are r0 to r10, or w0 to w10 for their lower halves"
            );
        var token = Take();
        register = new RegisterOperand(
            byte.Parse(token.Text.AsSpan(1), CultureInfo.InvariantCulture),
            token.Text[0] == 'r',
            token
        );
        return true;
    }

    /// <summary>A register of a given width.</summary>
    public bool Register(bool wide, out RegisterOperand register) =>
        Register(out register)
        && (
            register.Wide == wide
            || Fail(
                register.Token,
                $"{register.Token.Text} has {(register.Wide ? 64 : 32)} bits where {(wide ? 64 : 32)} are meant: "
                    + $"{(wide ? 'r' : 'w')}{register.Number}"
            )
        );

    /// <summary>A 64-bit register: the only kind that can hold an address.</summary>
    public bool AddressRegister(out byte number)
    {
        var read = Register(wide: true, out var register);
        number = register.Number;
        return read;
    }

    /// <summary>A number with an optional sign, at least as wide as any field.</summary>
    public bool Number(out Int128 value, out Token at)
    {
        at = Peek;
        var negative = Accept("-");
        if (!negative)
            Accept("+");
        value = 0;
        if (!Peek.IsNumber)
            return Fail(Peek.IsEnd ? "missing operand" : $"expected a number, found {Peek}");
        var text = Peek.Text;
        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var parsed = hex
            ? ulong.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var magnitude
            )
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude);
        if (!parsed)
            return Fail($"{Peek} is not a number of at most 64 bits");
        Take();
        value = negative ? -(Int128)magnitude : magnitude;
        return true;
    }

    /// <summary>
    /// A 32-bit immediate. Where it will be sign-extended, only signed numbers are taken: 0xffffffff would silently become -1.
    /// </summary>
    public bool Immediate(bool signExtended, out int imm)
    {
        imm = 0;
        if (!Number(out var value, out var at))
            return false;
        var most = signExtended ? int.MaxValue : uint.MaxValue;
        if (value < int.MinValue || value > most)
            return Fail(at, $"immediate {value} is out of range: {int.MinValue} to {most} fit here");
        imm = unchecked((int)(long)value);
        return true;
    }

    /// <summary><c>(r1 + 4)</c>, <c>(r1 - 4)</c> or <c>(r1)</c>.</summary>
    public bool Address(out byte register, out short offset)
    {
        offset = 0;
        register = 0;
        return Expect("(") && BareAddress(out register, out offset) && Expect(")");
    }

    /// <summary><c>r1 + 4</c>, <c>r1 - 4</c> or <c>r1</c>.</summary>
    public bool BareAddress(out byte register, out short offset)
    {
        offset = 0;
        if (!AddressRegister(out register))
            return false;
        if (Peek.Text is not ("+" or "-"))
            return true;
        if (!Number(out var value, out var at))
            return false;
        if (value < short.MinValue || value > short.MaxValue)
            return Fail(at, $"offset {value} is out of range: {short.MinValue} to {short.MaxValue} fit");
        offset = (short)value;
        return true;
    }

    /// <summary><c>(u64 *)</c>.</summary>
    public bool PointerType(out OperandSize size, out bool signed)
    {
        (size, signed) = (default, false);
        if (!Expect("("))
            return false;
        if (!Mnemonics.TrySize(Peek.Text, out var found))
            return Fail($"expected a type (u8, u16, u32, u64, s8, s16, s32), found {Peek}");
        (size, signed) = found;
        Take();
        return Expect("*") && Expect(")");
    }

    /// <summary>A label, or a signed distance: <c>+3</c>, <c>-2</c>, <c>pc+3</c>.</summary>
    public bool Target(out Target target)
    {
        target = new Target(Peek, null);
        if (string.Equals(Peek.Text, "pc", StringComparison.Ordinal) && PeekSecond.Text is "+" or "-")
            Take();
        else if (Peek.IsName)
        {
            Take();
            return true;
        }
        if (Peek.Text is not ("+" or "-"))
            return Fail(
                Peek.IsEnd
                    ? "missing operand: expected a label or a distance such as +3"
                    : $"expected a label or a distance such as +3, found {Peek}"
            );
        if (!Number(out var value, out var at))
            return false;
        if (value < int.MinValue || value > int.MaxValue)
            return Fail(at, $"distance {value} is out of range");
        target = new Target(at, (int)value);
        return true;
    }
}
