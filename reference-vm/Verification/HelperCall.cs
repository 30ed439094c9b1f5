using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Calls of helpers. The order of the checks is Linux's and can be observed: is the helper offered, its arguments one by one,
/// what is special about it, and last whether it takes this type of map.
/// </summary>
internal static class HelperCall
{
    // BPF_F_RDONLY_PROG.
    private const uint ReadOnlyForPrograms = 0x80;

    public static Refusal? Execute(Analysis analysis, Instruction instruction)
    {
        var state = analysis.State;
        var number = instruction.Imm;
        if (state.Lock is not null && number != (int)HelperId.SpinUnlock)
            return Refusal.Invalid("function calls are not allowed while holding a lock");
        var name = $"{HelperNames.Of(number) ?? "unknown"}#{number}";
        var request = analysis.Request;
        var behaviour = request.Behaviour;
        // A helper of a later kernel has no name yet.
        if (Enum.IsDefined((HelperId)number) && !behaviour.Helpers.Contains((HelperId)number))
            return Refusal.Invalid($"invalid func unknown#{number}");
        if (number < 0 || number >= HelperNames.Count)
            return Refusal.Invalid($"invalid func {name}");
        if (HelperPrototypes.Find(number) is not { } helper || !request.Program.Offers(helper.Id, request.Expected))
            return Refusal.Invalid(
                behaviour.NamesProgramTypeInRefusal
                    ? $"program of this type cannot use helper {name}"
                    : $"unknown func {name}"
            );
        var arguments = new HelperArguments(analysis, helper);
        if (arguments.Check() is { } refusal)
            return refusal;
        if ((CheckMapUse(helper, arguments.Map) ?? CheckSpecial(analysis, helper)) is { } special)
            return special;
        var result = Result(analysis, helper, arguments);
        CallStep.Clobber(state.Top);
        state[Register.Result] = result;
        return CheckMapType(helper.Id, arguments.Map, name);
    }

    private static Refusal? CheckMapUse(HelperPrototype helper, Map? map)
    {
        if (helper.Id == HelperId.TailCall && map?.Definition.Type != MapType.ProgArray)
            return Refusal.Invalid("expected prog array map for tail call");
        var writes = helper.Id is HelperId.MapUpdateElem or HelperId.MapDeleteElem;
        return writes && ((map?.Definition.Flags ?? 0) & ReadOnlyForPrograms) != 0
            ? Refusal.Access("write into map forbidden")
            : null;
    }

    private static Refusal? CheckSpecial(Analysis analysis, HelperPrototype helper)
    {
        switch (helper.Id)
        {
            // The helper cannot report an error, so its flags must be known to be zero, here and on every other path.
            case HelperId.GetLocalStorage when analysis.Request.Behaviour.HelperFlagsMustBeZero:
                if (!analysis.State[2].IsZero)
                    return Refusal.Invalid("get_local_storage() doesn't support non-zero flags");
                analysis.Precision.Require(2);
                return null;
            case HelperId.TailCall:
                // A known index is compiled in.
                if (analysis.State[3] is { IsScalar: true, Value.IsConstant: true })
                    analysis.Precision.Require(3);
                return null;
            case HelperId.Loop:
                if (analysis.State[4].IsZero)
                    analysis.Precision.Require(4);
                NoteCallback(analysis);
                // Whether there is another iteration depends on it.
                analysis.Precision.Require(1);
                var most = analysis.State[1].IsScalar ? analysis.State[1].Value.Wide.UMax : ulong.MaxValue;
                return CallBack(analysis, HelperId.Loop, most);
            case HelperId.ForEachMapElem:
                return CallBack(analysis, HelperId.ForEachMapElem, most: ulong.MaxValue);
            default:
                return null;
        }
    }

    private static void NoteCallback(Analysis analysis)
    {
        var callback = analysis.State[4].IsZero ? analysis.State[2].Subprogram : -1;
        if (
            !analysis.LoopCallbacks.TryAdd(analysis.Slot, callback)
            && analysis.LoopCallbacks[analysis.Slot] != callback
        )
            analysis.LoopCallbacks[analysis.Slot] = -1;
    }

    // The callback is walked as one more path; the path at hand goes on behind the call, as after the last iteration.
    private static Refusal? CallBack(Analysis analysis, HelperId helper, ulong most)
    {
        var state = analysis.State;
        if ((ulong)state.Top.CallbackDepth >= most)
        {
            state.Top.CallbackDepth = 0;
            return null;
        }
        var iteration = state.Clone();
        iteration.Top.CallbackDepth++;
        iteration.Iterations++;
        var callback = state[2].Subprogram;
        if (CallStep.Enter(analysis, iteration, callback, isCallback: true) is { } refusal)
            return refusal;
        if (helper == HelperId.Loop)
        {
            iteration[1] = RegisterState.UnknownScalar;
            iteration[2] = state[3];
        }
        else if (PassElement(analysis, state, iteration) is { } unfit)
        {
            return unfit;
        }
        analysis.Push(iteration, callback);
        state.Top.CallbackDepth = 0;
        return null;
    }

    // The map, an element's key and value, and what the caller passes on.
    private static Refusal? PassElement(Analysis analysis, MachineState caller, MachineState callback)
    {
        var map = caller[1].Map!;
        if (map.Definition.StorageKind is not null || map.Definition.Type == MapType.ProgArray)
            return new Refusal(Errno.ENOTSUPP, "callback function not allowed for map");
        callback[1] = caller[1];
        callback[2] = RegisterState.Pointer(RegisterType.MapKey) with { Map = map };
        // Linux does not tell the values of two elements apart, and lets a lock taken in one be given back in the other.
        callback[3] = RegisterState.Pointer(RegisterType.MapValue) with
        {
            Map = map,
            Id = HasLock(map) ? analysis.NewId() : 0,
        };
        callback[4] = caller[3];
        return null;
    }

    private static RegisterState Result(Analysis analysis, HelperPrototype helper, HelperArguments arguments)
    {
        switch (helper.Returns)
        {
            case ReturnType.Void:
                return RegisterState.Uninitialised;
            case ReturnType.MapValue:
                return RegisterState.Pointer(RegisterType.MapValue) with
                {
                    Map = arguments.Map,
                    Id = HasLock(arguments.Map) ? analysis.NewId() : 0,
                };
            case ReturnType.MapValueOrNull:
                var type = arguments.KeyExists ? RegisterType.MapValue : RegisterType.MapValueOrNull;
                return RegisterState.Pointer(type) with
                {
                    Map = arguments.Map,
                    Id = type.MayBeNull() || HasLock(arguments.Map) ? analysis.NewId() : 0,
                };
            default:
                return helper.Id == HelperId.GetSmpProcessorId
                    ? RegisterState.Number(Scalar.OfUnsigned(0, (ulong)analysis.Request.Limits.PossibleCpus - 1))
                    : RegisterState.UnknownScalar;
        }
    }

    private static bool HasLock(Map? map) => map?.Definition.SpinLockOffset is not null;

    private static Refusal? CheckMapType(HelperId helper, Map? map, string name)
    {
        if (map is null)
            return null;
        var isStorage = map.Definition.StorageKind is not null;
        var isProgArray = map.Definition.Type == MapType.ProgArray;
        var fits = helper switch
        {
            HelperId.GetLocalStorage => isStorage,
            HelperId.TailCall => isProgArray,
            _ => !isStorage && !isProgArray,
        };
        return fits ? null : Refusal.Invalid($"cannot pass map_type {(int)map.Definition.Type} into func {name}");
    }
}
