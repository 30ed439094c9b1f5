using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Certification;

/// <summary>A kernel on which cases held.</summary>
/// <param name="Kernel">Its version, numbers only.</param>
/// <param name="Architecture">The machine's architecture as uname(2) spells it, for instance <c>x86_64</c>.</param>
public sealed record CertifiedKernel(KernelVersion Kernel, string Architecture)
{
    /// <summary>For people: <c>6.18.44 x86_64</c>.</summary>
    public override string ToString() => $"{Kernel} {Architecture}";
}

/// <summary>Which cases held on one kernel, run by one version of the suite.</summary>
/// <param name="On">The kernel.</param>
/// <param name="Suite">Version of the suite that ran them.</param>
/// <param name="Cases">Content hash (<see cref="CaseHash"/>) by case id.</param>
public sealed record Certificate(CertifiedKernel On, string Suite, IReadOnlyDictionary<string, string> Cases);

/// <summary>Why nobody has seen a case hold on a kernel.</summary>
public enum UncertifiedKind
{
    /// <summary>Whoever wrote it had no kernel at hand; the next certification settles it.</summary>
    AwaitsCertification,

    /// <summary>Running it can harm a kernel.</summary>
    Unsafe,

    /// <summary>It needs what no kernel had that was certified so far: more CPUs, an option.</summary>
    Unavailable,
}

/// <summary>A written reason for cases that are certified nowhere.</summary>
/// <param name="Id">Id of a case, or of a vector: then it stands for those of its cases that are not certified.</param>
/// <param name="Kind">What sort of reason it is.</param>
/// <param name="Reason">One sentence.</param>
public sealed record UncertifiedReason(string Id, UncertifiedKind Kind, string Reason);
