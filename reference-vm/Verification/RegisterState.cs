using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Verification;

/// <summary>What is known of one register, or of one spilled register.</summary>
/// <param name="Type">What it holds.</param>
/// <param name="Value">A scalar's value; a pointer's variable offset.</param>
internal readonly record struct RegisterState(RegisterType Type, Scalar Value)
{
    /// <summary>
    /// A pointer's constant offset from where it first pointed; the variable offset comes on top. Of a number whose id bears
    /// a <see cref="Ties.Mark"/>: what was added to the number it is tied to.
    /// </summary>
    public int Offset { get; init; }

    /// <summary>
    /// Ties registers that came from one source: scalars that are copies of each other, pointers with the same null check, packet
    /// pointers with the same variable part, map values with the same lock. 0: tied to none.
    /// </summary>
    public int Id { get; init; }

    /// <summary>The map of a map pointer or map value.</summary>
    public Map? Map { get; init; }

    /// <summary>Stack: the frame pointed into.</summary>
    public int Frame { get; init; }

    /// <summary>
    /// Packet: bytes from the pointer's origin (offset 0, same id) that are known to lie before the end, or
    /// <see cref="PacketRange.AtEnd"/> or <see cref="PacketRange.BeyondEnd"/>.
    /// </summary>
    public int Range { get; init; }

    /// <summary>Function: its first slot.</summary>
    public int Subprogram { get; init; }

    /// <summary>Whether something was concluded from the number's exact range, so that a state it is to stand for must lie in it.</summary>
    public bool IsPrecise { get; init; }

    public static RegisterState Uninitialised => default;

    public static RegisterState UnknownScalar { get; } = new(RegisterType.Scalar, Scalar.Unknown);

    public bool IsInitialised => Type != RegisterType.Uninitialised;

    public bool IsScalar => Type == RegisterType.Scalar;

    public bool IsPointer => IsInitialised && !IsScalar;

    /// <summary>A number known to be zero in all 64 bits.</summary>
    public bool IsZero => IsScalar && Value.IsExactly(0);

    public static RegisterState Constant(ulong value) => new(RegisterType.Scalar, Scalar.Constant(value));

    public static RegisterState Number(in Scalar value) => new(RegisterType.Scalar, value);

    public static RegisterState Pointer(RegisterType type) => new(type, Scalar.Zero);
}
