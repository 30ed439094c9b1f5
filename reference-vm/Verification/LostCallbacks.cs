using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// A mistake of Linux. It removes code that no path reaches, and with it subprograms, but a reference to a callback in a removed piece
/// keeps its old target. If no subprogram happens to have moved there, the program is refused in the end.
/// </summary>
internal static class LostCallbacks
{
    public static Refusal? Check(Analysis analysis)
    {
        var subprograms = analysis.Subprograms;
        var walked = analysis.Walked;
        var code = analysis.Code;
        var kept = subprograms
            .Starts.Where(start => walked.AsSpan(start, subprograms.EndOf(start) - start).Contains(true))
            .Select(start => start - RemovedBefore(code, walked, start))
            .ToHashSet();
        // A program without subprograms is compiled another way.
        if (kept.Count <= 1)
            return null;
        for (var slot = 0; slot < code.Length; slot += EncodingRules.SlotsAt(code, slot))
        {
            if (!walked[slot] || !Subprograms.IsFunctionReference(code[slot]))
                continue;
            if (!kept.Contains(TargetAfterRemoval(code, walked, slot)))
                return new Refusal(Errno.EFAULT, $"verifier bug: No program to jit at insn {slot} (subprog < 0)");
        }
        return null;
    }

    // Only pieces that lie wholly before the target move it; one that contains it does not.
    private static int TargetAfterRemoval(Instruction[] code, bool[] walked, int slot)
    {
        var target = Subprograms.Target(code[slot], slot);
        var start = target;
        while (start > 0 && !IsKept(code, walked, target) && !IsKept(code, walked, start - 1))
            start--;
        return target - RemovedBefore(code, walked, start);
    }

    private static int RemovedBefore(Instruction[] code, bool[] walked, int slot)
    {
        var removed = 0;
        for (var index = 0; index < slot; index++)
            removed += IsKept(code, walked, index) ? 0 : 1;
        return removed;
    }

    // The second slot of a 64-bit immediate stays with the first.
    private static bool IsKept(Instruction[] code, bool[] walked, int slot) =>
        walked[slot] || slot > 0 && walked[slot - 1] && code[slot - 1].Opcode == Opcode.LoadImmediate64;
}
