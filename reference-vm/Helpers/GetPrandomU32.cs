using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>u32 bpf_get_prandom_u32(void)</c>: a sequence per CPU that the machine's seed determines (splitmix64).</summary>
internal static class GetPrandomU32
{
    private const ulong Increment = 0x9e37_79b9_7f4a_7c15;
    private const ulong FirstMultiplier = 0xbf58_476d_1ce4_e5b9;
    private const ulong SecondMultiplier = 0x94d0_49bb_1331_11eb;

    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        var mixed = run.RandomState += Increment;
        mixed = (mixed ^ mixed >> 30) * FirstMultiplier;
        mixed = (mixed ^ mixed >> 27) * SecondMultiplier;
        registers[0] = (uint)(mixed >> 32);
        return HelperOutcome.Done;
    }
}
