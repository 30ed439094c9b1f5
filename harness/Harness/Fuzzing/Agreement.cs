namespace Conformance.Harness.Fuzzing;

/// <summary>How often two verdicts agreed.</summary>
/// <param name="Programs">Programs counted.</param>
/// <param name="Agreed">Those with the same verdict, or with verdicts that differ for a known reason.</param>
public readonly record struct Agreement(long Programs, long Agreed)
{
    /// <summary>The part that agreed, from 0 to 1; 1 where nothing was counted.</summary>
    public double Share => Programs == 0 ? 1 : (double)Agreed / Programs;

    /// <summary>With one program more.</summary>
    internal Agreement With(bool agrees) => new(Programs + 1, Agreed + (agrees ? 1 : 0));
}
