namespace Conformance.Harness.Machines;

/// <summary>
/// A virtual machine under test, as the suite sees it. Everything an implementation may do wrong is a value in an
/// <see cref="Answer"/>; an exception means that the adapter itself is broken and costs the case, not the run.
/// </summary>
public interface IVirtualMachine : IDisposable
{
    /// <summary>Who this is and what it offers. Constant over the machine's life.</summary>
    MachineIdentity Identity { get; }

    /// <summary>Performs one operation. Called from one thread; a <see cref="Parallel"/> starts its own.</summary>
    Answer Perform(Operation operation);

    /// <summary>Forgets every object: called between cases.</summary>
    void Reset();

    /// <summary>
    /// Says which operations will be performed next, in this order, unless the case ends before. A machine in another process sends them at
    /// once, so that a case costs one round trip; others need not care.
    /// </summary>
    void Announce(IReadOnlyList<Operation> operations) { }

    /// <summary>Says that the case has ended: what was announced and has not been performed will not be asked for.</summary>
    void Forgo() { }

    /// <summary>The last lines that a machine in another process has written to its standard error since <see cref="Reset"/>.</summary>
    IReadOnlyList<string> StandardError => [];
}

/// <summary>What a machine says of itself.</summary>
/// <param name="Name">For reports, for instance <c>reference</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Cpus">Possible CPUs, numbered from 0; per-CPU values have this many areas.</param>
public sealed record MachineIdentity(string Name, string Version, int Cpus)
{
    /// <summary>The kernel version whose behaviour is modelled, as three numbers; null where the machine claims core rules only.</summary>
    public string? Kernel { get; init; }

    /// <summary>
    /// Of a machine that is a running Linux kernel, its architecture as uname(2) spells it (<c>x86_64</c>): such a machine certifies cases. Null
    /// where the machine models a kernel, or none.
    /// </summary>
    public string? LiveArchitecture { get; init; }

    /// <summary>Whether rules of level <c>linux</c> apply.</summary>
    public bool ClaimsLinux => Kernel is not null;
}
