namespace Conformance.ReferenceVm.Helpers;

/// <summary>How helpers return errors: R0 holds the negative errno as a signed 64-bit number.</summary>
internal static class ErrnoResult
{
    public static ulong AsResult(this Errno errno) => (ulong)-(long)errno;
}
