using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Turns what was verified into what runs.</summary>
internal static class Resolution
{
    // A jump to itself: what Linux, too, puts where no path leads.
    private static readonly Instruction Dead = new(Opcode.Goto, 0, 0, -1, 0);

    public static ResolvedProgram Resolve(Analysis analysis)
    {
        var resolved = analysis.Resolved;
        for (var slot = 0; slot < resolved.Length; slot++)
        {
            var isWide = analysis.Code[slot].Opcode == Opcode.LoadImmediate64;
            if (!analysis.Walked[slot])
            {
                resolved[slot] = Dead;
                if (isWide)
                    resolved[++slot] = Dead;
            }
            else if (isWide)
            {
                var value = Value(analysis, slot);
                resolved[slot] = resolved[slot] with { Src = 0, Imm = (int)(uint)value };
                resolved[slot + 1] = resolved[slot + 1] with { Imm = (int)(uint)(value >> 32) };
                slot++;
            }
            else if (
                analysis.Request.Behaviour.InlinesLoops
                && analysis.LoopCallbacks.GetValueOrDefault(slot, defaultValue: -1) >= 0
            )
            {
                resolved[slot] = resolved[slot] with { Imm = (int)HelperTable.InlinedLoop };
            }
            else if (analysis.Code[slot].Opcode == Opcode.Exit)
            {
                // Linux does not look at the offset of an exit; the instruction set reserves it.
                resolved[slot] = resolved[slot] with
                {
                    Offset = 0,
                };
            }
        }
        return new ResolvedProgram(
            resolved,
            analysis.Request.Program.Type,
            analysis.Request.Expected,
            analysis.Maps.Maps
        )
        {
            TiedToExpected = analysis.TiedToExpected,
            TailCalls = Array.Exists(
                analysis.Code,
                instruction => instruction is { Opcode: Opcode.Call, Src: 0, Imm: (int)HelperId.TailCall }
            ),
        };
    }

    private static ulong Value(Analysis analysis, int slot)
    {
        var first = analysis.Code[slot];
        var high = (uint)analysis.Code[slot + 1].Imm;
        switch ((ImmediateKind)first.Src)
        {
            case ImmediateKind.Constant:
                return (ulong)high << 32 | (uint)first.Imm;
            case ImmediateKind.Function:
                return (ulong)Subprograms.Target(first, slot);
            case ImmediateKind.MapDescriptor or ImmediateKind.MapIndex:
                return MapTokens.Of(analysis.Maps.At(slot).Id);
            default:
                // The array's only value; arrays never move.
                ReadOnlySpan<byte> index = stackalloc byte[sizeof(uint)];
                return analysis.Maps.At(slot).LookupAddress(index, cpu: 0) + high;
        }
    }
}
