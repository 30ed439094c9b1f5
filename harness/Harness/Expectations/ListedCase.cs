namespace Conformance.Harness.Expectations;

/// <summary>A case as patterns see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Vector">The id of its vector.</param>
public readonly record struct ListedCase(string Id, string Vector);
