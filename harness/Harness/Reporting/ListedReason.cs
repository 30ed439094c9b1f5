namespace Conformance.Harness.Reporting;

/// <summary>Why a case is listed, who looks after it and where, as one line.</summary>
public static class ListedReason
{
    /// <summary><c>reason (owner, link)</c>; what nobody has said yet is left out.</summary>
    public static string Of(ExpectationRecord listed)
    {
        var more = new[] { listed.Owner, listed.Link }.OfType<string>().ToArray();
        return more.Length == 0 ? listed.Reason : $"{listed.Reason} ({string.Join(", ", more)})";
    }
}
