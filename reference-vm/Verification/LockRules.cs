namespace Conformance.ReferenceVm.Verification;

/// <summary>Spin locks in map values: one at a time, given back through the pointer it was taken through.</summary>
internal static class LockRules
{
    public static Refusal? Apply(Analysis analysis, in RegisterState value, int register, bool takes)
    {
        var map = value.Map!;
        if (!value.Value.IsConstant)
            return Refusal.Invalid(
                $"R{register} doesn't have constant offset. bpf_spin_lock has to be at the constant offset"
            );
        // A map without type information has no lock, whatever its bytes mean.
        if (map.Definition.SpinLockOffset is not { } lockOffset)
            return Refusal.Invalid($"map '{map.Definition.Name}' has to have BTF in order to use bpf_spin_lock");
        var offset = (long)value.Value.Bits.Value + value.Offset;
        if (offset != lockOffset)
            return Refusal.Invalid($"off {offset} doesn't point to 'struct bpf_spin_lock' that is at {lockOffset}");
        var state = analysis.State;
        if (takes)
        {
            if (state.Lock is not null)
                return Refusal.Invalid("Locking two bpf_spin_locks are not allowed");
            state.Lock = new HeldLock(value.Id, map);
            return null;
        }
        if (state.Lock is null)
            return Refusal.Invalid("bpf_spin_unlock without taking a lock");
        if (state.Lock != new HeldLock(value.Id, map))
            return Refusal.Invalid("bpf_spin_unlock of different lock");
        state.Lock = null;
        return null;
    }
}
