using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Verification;

/// <summary>What became of a load.</summary>
/// <param name="Log">The log in the kernel's style; its last line is the statistics of the walk.</param>
public abstract record Verdict(string Log);

/// <summary>The program may run.</summary>
/// <param name="Program">The program, ready to run.</param>
/// <param name="Log">The log.</param>
public sealed record Accepted(ResolvedProgram Program, string Log) : Verdict(Log);

/// <summary>The program may not run.</summary>
/// <param name="Errno">What BPF_PROG_LOAD fails with.</param>
/// <param name="Message">The reason: the kernel's line or lines, joined by line feeds, without a trailing one.</param>
/// <param name="InstructionIndex">The slot at fault, or -1 where no single one is.</param>
/// <param name="Log">The log; contains <paramref name="Message"/>.</param>
public sealed record Refused(Errno Errno, string Message, int InstructionIndex, string Log) : Verdict(Log);
