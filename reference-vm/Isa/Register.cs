namespace Conformance.ReferenceVm.Isa;

/// <summary>The registers by their role in the calling convention (RFC 9669 section 2).</summary>
public static class Register
{
    /// <summary>R0: return value.</summary>
    public const byte Result = 0;

    /// <summary>R1: first argument; the context at entry.</summary>
    public const byte FirstArgument = 1;

    /// <summary>R5: last argument; R1 to R5 do not survive a call.</summary>
    public const byte LastArgument = 5;

    /// <summary>R10: read-only frame pointer, one past the top of the stack frame.</summary>
    public const byte Frame = 10;

    /// <summary>R0 to R10; register fields can encode numbers up to 15.</summary>
    public const int Count = 11;
}
