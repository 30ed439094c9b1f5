namespace Conformance.ReferenceVm.Verification;

/// <summary>What is learned of one register holds for all that are tied to it by an id.</summary>
internal static class Ties
{
    /// <summary>Narrows a number and all its copies.</summary>
    public static void Narrow(MachineState state, int register, in RegisterState before, Scalar value)
    {
        state[register] = state[register] with { Value = value };
        if (before.Id == 0)
            return;
        var id = before.Id;
        state.Rewrite(other => other.IsScalar && other.Id == id ? other with { Value = value } : other);
    }

    /// <summary>Decides for every pointer from one source whether it is null.</summary>
    public static void ResolveNull(MachineState state, int id, bool isNull) =>
        state.Rewrite(register =>
        {
            if (!register.Type.MayBeNull() || register.Id != id)
                return register;
            if (isNull)
                return RegisterState.Constant(0);
            // A value with a lock keeps its id: it names the lock.
            var keepsId = register.Map?.Definition.SpinLockOffset is not null;
            return register with { Type = register.Type.WithoutNull(), Id = keepsId ? id : 0 };
        });
}
