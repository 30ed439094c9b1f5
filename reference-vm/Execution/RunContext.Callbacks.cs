using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Execution;

/// <content>Functions of the program that a helper calls, again and again in one frame.</content>
public sealed unsafe partial class RunContext
{
    private const int NoCallback = -1;

    // Keys that callbacks were given. A program may keep such a pointer and read through it to the end of the run, so that memory is used
    // again only for keys of the same size, at the same depth.
    private readonly List<(int Depth, int Size, ulong Address)> _keys = [];

    /// <summary>What bpf_loop leaves to the interpreter.</summary>
    internal (int Callback, uint Iterations, ulong Context) PendingLoop { get; set; }

    /// <summary>What bpf_for_each_map_elem leaves to the interpreter.</summary>
    internal (Map Map, int Callback, ulong Context) PendingElements { get; set; }

    /// <summary>Calls the callback of a loop for the first time; null, and a trap, where the stack is too deep.</summary>
    internal Slot* CallBackInLoop(Slot* returnTo)
    {
        var (callback, iterations, context) = PendingLoop;
        var target = Call(returnTo, Current!.First + callback);
        if (target == null)
        {
            return null;
        }

        ref var frame = ref Frames[CallDepth - 1];
        (frame.Callback, frame.CallbackContext, frame.Elements) = (callback, context, null);
        (frame.Iterations, frame.Begun) = (iterations, 0);
        _ = BeginNext(ref frame);
        return target;
    }

    /// <summary>Calls the callback with the first element of a map, or goes on behind the helper where there is none; null, and a trap, where the stack is too deep.</summary>
    internal Slot* CallBackWithElements(Slot* returnTo)
    {
        var (map, callback, context) = PendingElements;
        var target = Call(returnTo, Current!.First + callback);
        if (target == null)
        {
            return null;
        }

        ref var frame = ref Frames[CallDepth - 1];
        (frame.Callback, frame.CallbackContext, frame.Elements) = (callback, context, map);
        (frame.Element, frame.Begun) = (-1, 0);
        frame.Key = KeyMemory(map.Definition.KeySize);
        if (frame.Key == 0)
        {
            Trap("no guest memory for a key");
            return null;
        }

        if (BeginNext(ref frame))
        {
            return target;
        }

        Registers[Register.Result] = 1;
        return Return();
    }

    // Sets the registers for the next call of a callback; false where there is none to make.
    private bool BeginNext(ref Frame frame)
    {
        if (frame.Elements is not { } map)
        {
            if (frame.Begun == frame.Iterations)
            {
                return false;
            }

            Registers[1] = frame.Begun++;
            Registers[2] = frame.CallbackContext;
            return true;
        }

        var key = Arena.Bytes(frame.Key, map.Definition.KeySize);
        frame.Element = map.ElementAfter(frame.Element, key, Cpu, out var value);
        if (frame.Element < 0)
        {
            return false;
        }

        frame.Begun++;
        Registers[1] = MapTokens.Of(map.Id);
        Registers[2] = frame.Key;
        Registers[3] = value;
        Registers[4] = frame.CallbackContext;
        return true;
    }

    private ulong KeyMemory(int size)
    {
        foreach (var key in _keys)
        {
            if (key.Depth == CallDepth && key.Size == size)
            {
                return key.Address;
            }
        }

        var address = Arena.Allocate(size);
        if (address != 0)
        {
            _keys.Add((CallDepth, size, address));
        }

        return address;
    }

    private void FreeKeys()
    {
        foreach (var key in _keys)
        {
            Arena.Free(key.Address);
        }

        _keys.Clear();
    }
}
