namespace Conformance.ReferenceVm.Verification;

/// <summary>What follows an instruction: a refusal, the next slot of the path, or the path's end.</summary>
/// <param name="Refusal">Why the program is refused.</param>
/// <param name="Next">The slot to go on with; -1 where the path ends.</param>
internal readonly record struct Step(Refusal? Refusal, int Next)
{
    public static Step End { get; } = new(null, -1);

    public bool IsEnd => Next < 0;

    public static Step To(int slot) => new(null, slot);

    public static implicit operator Step(Refusal refusal) => new(refusal, -1);
}
