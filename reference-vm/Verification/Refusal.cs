namespace Conformance.ReferenceVm.Verification;

/// <summary>Why a program is refused, in Linux's words.</summary>
/// <param name="Errno">What the load fails with.</param>
/// <param name="Message">One line, or several joined by line feeds.</param>
internal sealed record Refusal(Errno Errno, string Message)
{
    /// <summary>The slot at fault, where it is not the one being walked.</summary>
    public int? Slot { get; init; }

    public static Refusal Invalid(string message, int? slot = null) => new(Errno.EINVAL, message) { Slot = slot };

    public static Refusal Access(string message) => new(Errno.EACCES, message);

    public static Refusal TooBig(string message, int? slot = null) => new(Errno.E2BIG, message) { Slot = slot };

    /// <summary>The same with a further line.</summary>
    public Refusal And(string line) => this with { Message = $"{Message}\n{line}" };
}
