namespace Tiny;

internal enum Holds
{
    Nothing,
    Number,
    Map,
    Context,
}

internal readonly record struct Value(Holds Holds, ulong Number = 0, TinyMap? Map = null);

internal sealed partial class TinyProgram
{
    private const int Stack = 512;
    private const int Budget = 1_000_000;
    private const int FirstArgument = 1;
    private const int Arguments = 5;
    private const int FramePointer = 10;
    private const string NoNumber = "a register without a number is read";

    private static readonly int[] Sizes = [4, 2, 1, 8];

    /// <summary>Runs it for an attachment with this storage.</summary>
    public Run Run(ulong storage)
    {
        if (IsTraced)
            Console.WriteLine("a program runs");
        var r = new Value[FramePointer + 1];
        r[FirstArgument] = new Value(Holds.Context);
        r[FramePointer] = new Value(Holds.Number, _memory.Add(Stack) + Stack);
        var at = 0;
        for (var done = 0; done < Budget; done++)
        {
            if (at < 0 || at >= _code.Length)
                return Trapped("no instruction there");
            var it = _code[at++];
            if (it.Opcode == 0x95)
                return r[0].Holds == Holds.Number ? new Run(Ending.Returned, r[0].Number, "") : Trapped(NoNumber);
            if (it.Opcode == LoadWide)
            {
                var high = (ulong)(uint)_code[at].Immediate << 32;
                r[it.Dst] = _maps.TryGetValue(at - 1, out var map)
                    ? new Value(Holds.Map, Map: map)
                    : new Value(Holds.Number, high | (uint)it.Immediate);
                at++;
            }
            else if (Step(it, r, storage, ref at) is { } stopped)
            {
                return stopped;
            }
        }

        return new Run(Ending.Exhausted, 0, "too many instructions");
    }

    private Run? Step(Instruction it, Value[] r, ulong storage, ref int at)
    {
        if (it.Opcode == Call)
            return Helper(it.Immediate, r, storage);
        var immediate = new Value(Holds.Number, (ulong)it.Immediate);
        var src = it.Class == 3 || (it.Class >= 4 && (it.Opcode & 8) != 0) ? r[it.Src] : immediate;
        switch (it.Class)
        {
            case 4 or 7 when it.Opcode == 0xbf && src.Holds != Holds.Nothing:
                r[it.Dst] = src;
                return null;
            case 4 or 7 when src.Holds != Holds.Number || (it.Opcode >> 4 != 0xb && r[it.Dst].Holds != Holds.Number):
                return Trapped(NoNumber);
            case 4 or 7:
                r[it.Dst] = new Value(Holds.Number, Alu(it, r[it.Dst].Number, src.Number));
                return null;
            case 5 when it.Opcode != 5 && (src.Holds == Holds.Nothing || r[it.Dst].Holds == Holds.Nothing):
                return Trapped(NoNumber);
            case 5:
                if (it.Opcode == 5 || Jumps(it.Opcode >> 4, Compared(r[it.Dst]), Compared(src)))
                    at += it.Offset;
                return null;
            default:
                return Access(it, r, src);
        }
    }

    private Run? Access(Instruction it, Value[] r, Value src)
    {
        var pointer = r[it.Class == 1 ? it.Src : it.Dst];
        if (pointer.Holds == Holds.Context)
            return new Run(Ending.TooTiny, 0, "no context to look into");
        var where = _memory.At(pointer.Number + (ulong)it.Offset, Sizes[(it.Opcode >> 3) & 3]);
        if (pointer.Holds != Holds.Number || where.IsEmpty)
            return Trapped("an access where nothing is");
        if (it.Class == 1)
        {
            r[it.Dst] = new Value(Holds.Number, Memory.Load(where));
            return null;
        }

        if (src.Holds != Holds.Number)
            return Trapped(NoNumber);
        var atomic = (it.Opcode & 0xe0) == 0xc0;
        if (atomic && it.Immediate != 0)
            return new Run(Ending.TooTiny, 0, "no atomic operation but addition");
        Memory.Store(where, src.Number + (atomic ? Memory.Load(where) : 0));
        return null;
    }

    private Run? Helper(int helper, Value[] r, ulong storage)
    {
        if (r[FirstArgument].Map is not { } map || map.IsStorage != (helper == GetLocalStorage))
            return Trapped("R1 is no map that this helper takes");
        var second = r[FirstArgument + 1];
        var key = second.Holds == Holds.Number ? _memory.At(second.Number, 4) : default;
        if (helper == Lookup && key.IsEmpty)
            return Trapped("R2 is no key");
        if (helper == GetLocalStorage && (second.Holds != Holds.Number || second.Number != 0))
            return Trapped("the flags of bpf_get_local_storage are not 0");
        r.AsSpan(FirstArgument, Arguments).Clear();
        r[0] = new Value(Holds.Number, helper == Lookup ? map.AddressOf(null, (long)Memory.Load(key)) : storage);
        return null;
    }

    private static Run Trapped(string why) => new(Ending.Trapped, 0, why);

    // A map or the context is not 0.
    private static ulong Compared(Value value) => value.Holds == Holds.Number ? value.Number : 1;

    private static ulong Alu(Instruction it, ulong a, ulong b)
    {
        var wide = it.Class == 7;
        (a, b) = wide ? (a, b) : ((uint)a, (uint)b);
        var shift = (int)(b & (wide ? 63ul : 31ul));
        var result = (it.Opcode >> 4) switch
        {
            0x0 => a + b,
            0x1 => a - b,
            0x2 => a * b,
            0x3 => b == 0 ? 0 : a / b,
            0x4 => a | b,
            0x5 => a & b,
            0x6 => a << shift,
            0x7 => a >> shift,
            0x8 => 0 - a,
            0x9 => b == 0 ? a : a % b,
            0xa => a ^ b,
            0xb => b,
            _ => wide ? (ulong)((long)a >> shift) : (ulong)((int)a >> shift),
        };
        return wide ? result : (uint)result;
    }

    private static bool Jumps(int operation, ulong a, ulong b) =>
        operation switch
        {
            0x1 => a == b,
            0x2 => a > b,
            0x3 => a >= b,
            0x4 => (a & b) != 0,
            0x5 => a != b,
            0x6 => (long)a > (long)b,
            0x7 => (long)a >= (long)b,
            0xa => a < b,
            0xb => a <= b,
            0xc => (long)a < (long)b,
            _ => (long)a <= (long)b,
        };
}
