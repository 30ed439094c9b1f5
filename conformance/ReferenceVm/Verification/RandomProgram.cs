using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>
/// Writes programs that are mostly right: every statement is what a compiler might emit, now and then with a check left out or
/// a number off by a little, and afterwards a slot or two may be changed at random.
/// </summary>
internal sealed class RandomProgram
{
    private static readonly string[] Operators = ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "s/=", "s%="];
    private static readonly string[] Shifts = ["<<=", ">>=", "s>>="];
    private static readonly string[] Relations = ["==", "!=", ">", ">=", "<", "<=", "s>", "s>=", "s<", "s<=", "&"];
    private static readonly string[] Widths = ["u8", "u16", "u32", "u64", "s8", "s16", "s32"];
    private static readonly string[] Fetches = ["add", "or", "and", "xor"];

    // r6 holds the context, r7 to r9 numbers; r0 to r5 are scratch and always written before they are read.
    private static readonly string[] Numbers = ["r7", "r8", "r9"];

    private readonly Random _random;
    private readonly List<string> _lines = [];
    private readonly List<string> _subprograms = [];
    private int _labels;

    private RandomProgram(Random random) => _random = random;

    public static string Generate(Random random)
    {
        var program = new RandomProgram(random);
        program.Emit("r6 = r1");
        foreach (var register in Numbers)
            program.Emit($"{register} = {program.Constant()}");
        program.Statements(random.Next(2, 12), depth: 0);
        program.Emit(random.Next(4) == 0 ? "r0 = r7\nr0 &= 1" : "r0 = 1");
        program.Emit("exit");
        return string.Join('\n', program._lines.Concat(program._subprograms));
    }

    /// <summary>Changes a field of some slot, or swaps two slots.</summary>
    public static void Mutate(Random random, Instruction[] code)
    {
        var at = random.Next(code.Length);
        var slot = code[at];
        code[at] = random.Next(7) switch
        {
            0 => slot with { Dst = (byte)random.Next(11) },
            1 => slot with { Src = (byte)random.Next(11) },
            2 => slot with { Offset = (short)(slot.Offset + random.Next(-9, 10)) },
            3 => slot with { Imm = slot.Imm + random.Next(-9, 10) },
            4 => slot with { Imm = random.Next(int.MinValue, int.MaxValue) },
            5 => slot with { Opcode = (byte)(slot.Opcode ^ 1 << random.Next(8)) },
            _ => code[random.Next(code.Length)],
        };
    }

    private void Emit(string lines) => _lines.Add(lines);

    private string Number() => Numbers[_random.Next(Numbers.Length)];

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private bool Rarely() => _random.Next(40) == 0;

    private string NewLabel() => $"l{_labels++}";

    private long Constant() =>
        _random.Next(4) switch
        {
            0 => _random.Next(-8, 9),
            1 => _random.Next(0, 65),
            2 => _random.Next(int.MinValue, int.MaxValue),
            _ => Pick(int.MaxValue, int.MinValue, -1, 255, 256, 4096),
        };

    private void Statements(int count, int depth)
    {
        for (var index = 0; index < count; index++)
            Statement(depth);
    }

    private void Statement(int depth)
    {
        switch (_random.Next(depth < 3 ? 16 : 11))
        {
            case 0 or 1:
                Arithmetic();
                break;
            case 2:
                Emit($"call {Pick(5, 7, 8, 80)}\n{Number()} = r0");
                break;
            case 3 or 4:
                Stack();
                break;
            case 5 or 6:
                Storage();
                break;
            case 7:
                Packet();
                break;
            case 8:
                Lookup();
                break;
            case 9:
                Context();
                break;
            case 10:
                VariableStack();
                break;
            case 11 or 12:
                Branch(depth);
                break;
            case 13:
                CountedLoop(depth);
                break;
            case 14:
                Call(depth);
                break;
            default:
                Callback();
                break;
        }
    }

    private void Arithmetic()
    {
        var (register, other) = (Number(), Number());
        var narrow = _random.Next(3) == 0;
        if (narrow)
            (register, other) = ($"w{register[1..]}", $"w{other[1..]}");
        var operation = Pick(Operators);
        Emit(
            _random.Next(7) switch
            {
                0 => $"{register} {Pick(Shifts)} {_random.Next(narrow ? 32 : 64)}",
                1 => $"{register} {operation} {other}",
                2 => $"{register} = {other}",
                3 => $"{register} = -{register}",
                4 => $"r{register[1..]} = (s{Pick(8, 16, 32)})r{other[1..]}",
                5 => $"{register} &= {Pick(1, 3, 7, 8, 15, 63, 255)}",
                _ => $"{register} {operation} {Math.Max(1, _random.Next(100))}",
            }
        );
    }

    private void Stack()
    {
        var width = Pick("u8", "u16", "u32", "u64");
        var size = int.Parse(width[1..]) / 8;
        var offset = -size * _random.Next(1, 33 / size + (Rarely() ? 600 / size : 1));
        Emit(
            _random.Next(3) switch
            {
                0 => $"*({width} *)(r10 - {-offset}) = {Number()}",
                1 => $"*({width} *)(r10 - {-offset}) = {_random.Next(-2, 3)}",
                _ => $"{Number()} = *({width} *)(r10 - {-offset})",
            }
        );
    }

    private void VariableStack()
    {
        var number = Number();
        Emit($"{number} &= {Pick(7, 15, 31, 8, 24)}\nr2 = r10\nr2 += -{Pick(32, 40, 64, 24)}\nr2 += {number}");
        Emit(_random.Next(2) == 0 ? "*(u8 *)(r2 + 0) = 0" : $"{Number()} = *(u8 *)(r2 + 0)");
    }

    private void Storage()
    {
        Emit($"r1 = map[{Pick("storage", "percpu")}] ll\nr2 = {(Rarely() ? "1" : "0")}\ncall 81");
        if (Rarely())
            Emit("*(u64 *)(r10 - 8) = r0\nr0 = *(u64 *)(r10 - 8)");
        Access("r0", 40);
    }

    // Somewhere in an object, at a constant or at a bounded offset, rarely just outside.
    private void Access(string pointer, int size)
    {
        var isPlain = _random.Next(3) != 0;
        if (isPlain && _random.Next(2) == 0)
        {
            var number = Number();
            var mask = Pick(7, 15, 31, 8, 24, Rarely() ? 255 : 3);
            Emit(
                $"r3 = {number}\n{(_random.Next(2) == 0 ? $"r3 &= {mask}" : $"if r3 > {mask} goto +1")}\n{pointer} += r3"
            );
        }
        var width = Pick(Widths);
        var bytes = int.Parse(width[1..]) / 8;
        var offset = _random.Next(0, Math.Max(1, size - bytes - (Rarely() ? -8 : 24)));
        if (!isPlain && !Rarely())
            offset = offset / 8 * 8;
        var number2 = Number();
        Emit(
            (isPlain ? _random.Next(2) : _random.Next(2, 5)) switch
            {
                0 => $"*(u{width[1..]} *)({pointer} + {offset}) = {number2}",
                1 => $"{number2} = *({width} *)({pointer} + {offset})",
                2 => $"lock *(u64 *)({pointer} + {offset}) += {number2}",
                3 => $"{number2} = atomic_fetch_{Pick(Fetches)}((u64 *)({pointer} + {offset}), {number2})",
                _ => $"{number2} = xchg_64({pointer} + {offset}, {number2})",
            }
        );
    }

    private void Packet()
    {
        var (skip, size) = (NewLabel(), Pick(8, 14, 20, 34));
        Emit("r2 = *(u32 *)(r6 + 76)\nr3 = *(u32 *)(r6 + 80)");
        if (_random.Next(2) == 0)
            Emit($"r4 = {Number()}\nr4 &= {Pick(7, 15, 63)}\nr2 += r4");
        Emit($"r4 = r2\nr4 += {size}");
        if (!Rarely())
            Emit(Pick($"if r4 > r3 goto {skip}", $"if r3 < r4 goto {skip}", $"if r4 >= r3 goto {skip}"));
        var width = Pick(Widths);
        var bytes = int.Parse(width[1..]) / 8;
        Emit($"{Number()} = *({width} *)(r2 + {Math.Max(0, size - bytes - (Rarely() ? -1 : 0))})\n{skip}:");
    }

    private void Lookup()
    {
        var (skip, map) = (NewLabel(), Pick("hash", "array"));
        Emit($"r3 = {(_random.Next(2) == 0 ? Number() : _random.Next(6).ToString())}\n*(u32 *)(r10 - 8) = r3");
        if (_random.Next(3) == 0)
        {
            Emit("*(u64 *)(r10 - 16) = 5\nr3 = r10\nr3 += -48\nr2 = r10\nr2 += -8\nr4 = 0\nr1 = map[hash] ll\ncall 2");
            return;
        }
        Emit($"r2 = r10\nr2 += -8\nr1 = map[{map}] ll\ncall 1");
        if (!Rarely())
            Emit($"if r0 == 0 goto {skip}");
        Access("r0", 32);
        Emit($"{skip}:");
    }

    private void Context() =>
        Emit(
            _random.Next(5) switch
            {
                0 => $"{Number()} = *(u32 *)(r6 + {4 * _random.Next(0, Rarely() ? 60 : 12)})",
                1 => $"*(u32 *)(r6 + {48 + 4 * _random.Next(5)}) = {Number()}",
                2 => $"{Number()} = *(u8 *)(r6 + {48 + _random.Next(20)})",
                _ => SocketRead(),
            }
        );

    private string SocketRead()
    {
        var skip = NewLabel();
        var check = Rarely() ? "" : $"if r2 == 0 goto {skip}\n";
        return $"r2 = *(u64 *)(r6 + 168)\n{check}{Number()} = *(u32 *)(r2 + {4 * Pick(0, 1, 6, 7, 12, 13, 14, 17, 18, Rarely() ? 2 : 18)})\n{skip}:";
    }

    private void Branch(int depth)
    {
        var (other, end) = (NewLabel(), NewLabel());
        var (left, right) = (Number(), _random.Next(2) == 0 ? Number() : $"{_random.Next(-3, 70)}");
        if (_random.Next(3) == 0)
            (left, right) = ($"w{left[1..]}", right.StartsWith('r') ? $"w{right[1..]}" : right);
        Emit($"if {left} {Pick(Relations)} {right} goto {other}");
        Statements(_random.Next(0, 3), depth + 1);
        if (_random.Next(2) == 0)
        {
            Emit($"goto {end}\n{other}:");
            Statements(_random.Next(1, 3), depth + 1);
            Emit($"{end}:");
        }
        else
        {
            Emit($"{other}:");
        }
    }

    private void CountedLoop(int depth)
    {
        var again = NewLabel();
        Emit($"*(u64 *)(r10 - 48) = 0\n{again}:");
        Statements(_random.Next(1, 3), depth + 2);
        Emit($"r5 = *(u64 *)(r10 - 48)\nr5 += 1\n*(u64 *)(r10 - 48) = r5\nif r5 < {_random.Next(1, 9)} goto {again}");
    }

    private void Call(int depth)
    {
        var subprogram = NewLabel();
        Emit($"r1 = r6\nr2 = {Number()}\nr3 = r10\nr3 += -56\ncall {subprogram}\n{Number()} = r0");
        Subprogram(subprogram, "r6 = r1\nr7 = r2\nr8 = 0\nr9 = 1\n*(u64 *)(r3 + 0) = r7", depth, "r0 = r8");
    }

    private void Callback()
    {
        var subprogram = NewLabel();
        var iterations = _random.Next(2) == 0 ? $"{_random.Next(0, 12)}" : Number();
        Emit(
            $"*(u64 *)(r10 - 56) = 0\nr1 = {iterations}\nr1 &= 31\nr2 = func[{subprogram}] ll\nr3 = r10\nr3 += -56\nr4 = 0\ncall 181\n{Number()} = *(u64 *)(r10 - 56)"
        );
        // A callback has no context of the program's own; the storage is reached all the same.
        var body = new RandomProgram(_random) { _labels = _labels + 1000 * (_subprograms.Count + 1) };
        body.Emit($"{subprogram}:\nr7 = *(u64 *)(r2 + 0)\nr8 = r1\nr9 = 3\nr7 += 1\n*(u64 *)(r2 + 0) = r7");
        for (var index = _random.Next(0, 3); index > 0; index--)
        {
            if (_random.Next(2) == 0)
                body.Storage();
            else
                body.Arithmetic();
        }
        body.Emit($"r0 = r7\nr0 &= {(Rarely() ? 3 : 1)}\nexit");
        _subprograms.AddRange(body._lines);
    }

    private void Subprogram(string label, string prologue, int depth, string epilogue)
    {
        var body = new RandomProgram(_random) { _labels = _labels + 1000 * (_subprograms.Count + 1) };
        body.Emit($"{label}:\n{prologue}");
        body.Statements(_random.Next(1, 4), depth + 2);
        body.Emit($"{epilogue}\nexit");
        _subprograms.AddRange(body._lines.Concat(body._subprograms));
    }
}
