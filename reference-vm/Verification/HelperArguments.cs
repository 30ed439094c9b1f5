using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Verification;

/// <summary>The arguments of one helper call, checked from R1 on.</summary>
internal sealed class HelperArguments
{
    private const string MemoryWords = "fp, pkt, pkt_meta, map_key, map_value, mem, ringbuf_mem, buf, trusted_ptr_";

    // BPF_MAX_VAR_SIZ.
    private const ulong MaxSize = 1 << 29;

    private readonly Analysis _analysis;
    private readonly HelperPrototype _helper;

    public HelperArguments(Analysis analysis, HelperPrototype helper)
    {
        _analysis = analysis;
        _helper = helper;
    }

    /// <summary>The map passed, where one was.</summary>
    public Map? Map { get; private set; }

    /// <summary>Whether the key is a constant index of an array: the lookup cannot fail.</summary>
    public bool KeyExists { get; private set; }

    public Refusal? Check()
    {
        for (var index = 0; index < _helper.Arguments.Count; index++)
            if (Check(Register.FirstArgument + index, _helper.Arguments[index]) is { } refusal)
                return refusal;
        return null;
    }

    private Refusal? Check(int register, ArgumentType type)
    {
        if (type == ArgumentType.None)
            return null;
        if (_analysis.Read(register) is { } unreadable)
            return unreadable;
        var argument = _analysis.State[register];
        if (type == ArgumentType.Anything)
            return _analysis.WouldLeak(register)
                ? Refusal.Access($"R{register} leaks addr into helper function")
                : null;
        if (argument.Type == RegisterType.Packet && !MayReadPacket)
            return Refusal.Access("helper access to the packet is not allowed");
        if (type == ArgumentType.StackPointerOrNull && argument.IsZero)
            return null;
        if (CheckType(register, argument, type) is { } mismatch)
            return mismatch;
        switch (type)
        {
            case ArgumentType.ConstMapPointer:
                Map = argument.Map;
                return null;
            case ArgumentType.MapKey:
                return CheckKey(register, argument);
            case ArgumentType.MapValue:
                return CheckMemory(register, Map!.Definition.ValueSize, zeroSizeAllowed: false);
            case ArgumentType.Context:
                return ContextAccess.CheckUnmoved(argument, register);
            case ArgumentType.ConstSize:
                return CheckSize(register, argument.Value, zeroSizeAllowed: false);
            case ArgumentType.ConstSizeOrZero:
                return CheckSize(register, argument.Value, zeroSizeAllowed: true);
            case ArgumentType.SpinLock:
                return LockRules.Apply(_analysis, argument, register, _helper.Id == HelperId.SpinLock);
            default:
                return null;
        }
    }

    // Packets may be passed to the map helpers; socket option values to all that take memory.
    private bool MayReadPacket =>
        _analysis.Request.Program.Type switch
        {
            ProgramType.CgroupSockopt => true,
            ProgramType.CgroupSkb or ProgramType.SchedCls => _helper.Id
                is HelperId.MapLookupElem
                    or HelperId.MapUpdateElem
                    or HelperId.MapDeleteElem,
            _ => false,
        };

    private Refusal? CheckType(int register, in RegisterState argument, ArgumentType type)
    {
        var actual = argument.Type;
        var (fits, expected) = type switch
        {
            ArgumentType.ConstMapPointer => (actual == RegisterType.MapPointer, "map_ptr"),
            ArgumentType.Context => (actual == RegisterType.Context, "ctx"),
            ArgumentType.ConstSize or ArgumentType.ConstSizeOrZero => (actual == RegisterType.Scalar, "scalar"),
            ArgumentType.SpinLock => (actual == RegisterType.MapValue, "map_value, ptr_"),
            ArgumentType.Callback => (actual == RegisterType.Function, "func"),
            ArgumentType.StackPointerOrNull => (actual == RegisterType.Stack, "fp"),
            _ => (
                actual is RegisterType.Stack or RegisterType.Packet or RegisterType.MapKey or RegisterType.MapValue,
                MemoryWords
            ),
        };
        if (!fits)
            return Refusal.Access($"R{register} type={Word(actual)} expected={expected}");
        return actual == RegisterType.Function ? ContextAccess.CheckUnmoved(argument, register) : null;
    }

    private string Word(RegisterType type) =>
        type == RegisterType.Scalar && !_analysis.Request.Behaviour.CallsNumbersScalars ? "inv" : type.Word();

    private Refusal? CheckKey(int register, in RegisterState key)
    {
        if (CheckMemory(register, Map!.Definition.KeySize, zeroSizeAllowed: false) is { } refusal)
            return refusal;
        KeyExists =
            Map.Definition.Type is MapType.Array or MapType.PercpuArray
            && ConstantKey(key) is { } index
            && index < (ulong)Map.Definition.MaxEntries;
        return null;
    }

    // As Linux does, all 64 bits of what was spilled, also where the key is its low half.
    private ulong? ConstantKey(in RegisterState key)
    {
        if (key.Type != RegisterType.Stack || !key.Value.IsConstant)
            return null;
        var at = (int)(key.Offset + (long)key.Value.Bits.Value);
        var index = Frame.SlotIndex(at);
        var slot = _analysis.State.Frames[key.Frame].SlotOrUnwritten(index);
        var first = Frame.ByteIndex(at);
        if (first > StackSlot.Size - sizeof(uint))
            return null;
        var zeros = 0;
        for (var position = first; position < first + sizeof(uint); position++)
            zeros += slot[position] == StackByte.Zero ? 1 : 0;
        if (zeros == sizeof(uint))
            return 0;
        var isKnown =
            first == 0 && slot is { SpillSize: sizeof(uint), Spill: { IsScalar: true, Value.IsConstant: true } };
        if (!isKnown)
            return null;
        _analysis.Precision.RequireSlot(key.Frame, index);
        return slot.Spill.Value.Bits.Value;
    }

    private Refusal? CheckSize(int register, in Scalar size, bool zeroSizeAllowed)
    {
        if (size.Wide.SMin < 0)
            return Refusal.Access($"R{register} min value is negative, either use unsigned or 'var &= const'");
        if (size.Wide.UMin == 0 && !zeroSizeAllowed)
            return Refusal.Access($"R{register} invalid zero-sized read: u64=[{size.Wide.UMin},{size.Wide.UMax}]");
        if (size.Wide.UMax >= MaxSize)
            return Refusal.Access($"R{register} unbounded memory access, use 'var &= const' or 'if (var < const)'");
        if (CheckMemory(register - 1, (int)size.Wide.UMax, zeroSizeAllowed) is { } refusal)
            return refusal;
        _analysis.Precision.Require(register);
        return null;
    }

    private Refusal? CheckMemory(int register, int size, bool zeroSizeAllowed)
    {
        var pointer = _analysis.State[register];
        var offset = pointer.Offset;
        return pointer.Type switch
        {
            RegisterType.Packet => RegionAccess.CheckPacket(pointer, register, offset, size, zeroSizeAllowed),
            RegisterType.MapKey => RegionAccess.CheckMapKey(pointer, register, offset, size, zeroSizeAllowed),
            RegisterType.MapValue => RegionAccess.CheckMapPermission(pointer, offset, size, write: false)
                ?? RegionAccess.CheckMapValue(pointer, register, offset, size, zeroSizeAllowed),
            _ => StackRead.CheckRange(_analysis, pointer, register, offset, size, zeroSizeAllowed),
        };
    }
}
