using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Verification;

/// <summary>What programs and callbacks may return.</summary>
internal static class ReturnValue
{
    public static Refusal? CheckMain(Analysis analysis)
    {
        if (analysis.Read(Register.Result) is { } unreadable)
            return unreadable;
        if (analysis.WouldLeak(Register.Result))
            return Refusal.Access("R0 leaks addr as return value");
        var program = analysis.Request.Program;
        if (Range(program, analysis.Request) is not { } range)
            return null;
        var result = analysis.State[Register.Result];
        if (!result.IsScalar)
            return Refusal.Invalid($"At program exit the register R0 is not a known value ({result.Type.Word()})");
        analysis.Precision.Require(Register.Result);
        if (CheckRange(analysis, result.Value, range, "At program exit") is { } refusal)
            return refusal;
        if (
            program.TyingReturns is { } tying
            && range.Max >= tying.Max
            && Tnum.OfRange((ulong)tying.Min, (ulong)tying.Max).Contains(result.Value.Bits)
        )
            analysis.TiedToExpected = true;
        return null;
    }

    public static Refusal? CheckCallback(Analysis analysis)
    {
        var result = analysis.State[Register.Result];
        if (!result.IsScalar)
            return Refusal.Access("R0 not a scalar value");
        analysis.Precision.Require(Register.Result);
        return CheckRange(analysis, result.Value, new ReturnRange(0, 1), "At callback return");
    }

    // What egress and bind may return besides a verdict came later than they.
    private static ReturnRange? Range(ProgramTypeInfo program, LoadRequest request)
    {
        var range = program.ReturnRange(request.Expected);
        var isVerdictOnly = program.Type switch
        {
            ProgramType.CgroupSkb => !request.Behaviour.EgressReportsCongestion,
            ProgramType.CgroupSockAddr => !request.Behaviour.BindSkipsPortCheck,
            _ => false,
        };
        return isVerdictOnly && range is { Max: > 1 } ? new ReturnRange(0, 1) : range;
    }

    private static Refusal? CheckRange(Analysis analysis, in Scalar value, ReturnRange range, string when)
    {
        var (min, max) = (value.Wide.SMin, value.Wide.SMax);
        if (min >= range.Min && max <= range.Max)
            return null;
        if (!analysis.Request.Behaviour.DescribesReturnByBounds)
        {
            var bits = value.Bits == Tnum.Unknown ? "unknown scalar value" : $"value {value.Bits}";
            var permitted = Tnum.OfRange((ulong)range.Min, (ulong)range.Max);
            return Refusal.Invalid($"{when} the register R0 has {bits} should have been in {permitted}");
        }
        var least = min > long.MinValue ? $" smin={min}" : "";
        var greatest = max < long.MaxValue ? $" smax={max}" : "";
        var known = least + greatest is { Length: > 0 } bounds ? bounds : " unknown scalar value";
        return Refusal.Invalid($"{when} the register R0 has{known} should have been in [{range.Min}, {range.Max}]");
    }
}
