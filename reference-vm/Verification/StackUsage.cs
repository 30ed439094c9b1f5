using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Whether the stacks of every chain of calls fit together.</summary>
internal sealed class StackUsage
{
    // Frames are rounded up so, as by a compiling kernel.
    private const int FrameAlignment = 16;

    // A chain that has used this much may not go on into a subprogram that ends in a tail call.
    private const int MaxBeforeTailCall = 256;

    private readonly Analysis _analysis;
    private readonly ILookup<int, int> _callees;
    private readonly HashSet<int> _tailCallers;
    private readonly HashSet<(int Start, int Depth, int Frame)> _judged = [];

    private StackUsage(Analysis analysis)
    {
        _analysis = analysis;
        var code = analysis.Code;
        var edges = new HashSet<(int From, int To)>(analysis.Calls);
        for (var slot = 0; slot < code.Length; slot++)
            if (Subprograms.IsLocalCall(code[slot]) || Subprograms.IsFunctionReference(code[slot]))
                edges.Add((analysis.Subprograms.StartOf(slot), Subprograms.Target(code[slot], slot)));
        _callees = edges.OrderBy(edge => edge).ToLookup(edge => edge.From, edge => edge.To);
        _tailCallers = Enumerable
            .Range(0, code.Length)
            .Where(slot => code[slot] is { Opcode: Opcode.Call, Src: 0, Imm: (int)HelperId.TailCall })
            .Select(analysis.Subprograms.StartOf)
            .ToHashSet();
    }

    public static Refusal? Check(Analysis analysis) => new StackUsage(analysis).Check(0, depth: 0, frame: 1);

    private Refusal? Check(int start, int depth, int frame)
    {
        if (frame > _analysis.Request.Limits.CallFrames)
            return Refusal.TooBig($"the call stack of {frame} frames is too deep !", start);
        if (!_judged.Add((start, depth, frame)))
            return null;
        if (depth >= MaxBeforeTailCall && _tailCallers.Contains(start))
            return new Refusal(
                Errno.EACCES,
                $"tail_calls are not allowed when call stack of previous frames is {depth} bytes. Too large"
            );
        var own = _analysis.StackDepth(start);
        depth += (own + FrameAlignment - 1) & ~(FrameAlignment - 1);
        if (depth > _analysis.Request.Limits.StackSize)
            return new Refusal(Errno.EACCES, $"combined stack size of {frame} calls is {depth}. Too large");
        foreach (var callee in _callees[start])
            if (Check(callee, depth, frame + 1) is { } refusal)
                return refusal;
        return null;
    }
}
