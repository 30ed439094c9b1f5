using System.Buffers.Binary;

namespace Tiny;

internal enum Ending
{
    Returned,
    Trapped,
    Exhausted,
    TooTiny,
}

/// <summary>How a run ended.</summary>
internal readonly record struct Run(Ending Ending, ulong R0, string Why);

internal readonly record struct Instruction(byte Opcode, byte Registers, short Offset, int Immediate)
{
    public const int Size = 8;

    public int Dst => Registers & 15;

    public int Src => Registers >> 4;

    public int Class => Opcode & 7;

    public static Instruction Read(ReadOnlySpan<byte> at) =>
        new(
            at[0],
            at[1],
            BinaryPrimitives.ReadInt16LittleEndian(at[2..]),
            BinaryPrimitives.ReadInt32LittleEndian(at[4..])
        );
}

/// <summary>A program of a few instructions.</summary>
internal sealed partial class TinyProgram
{
    private const int Lookup = 1;
    private const int GetLocalStorage = 81;
    private const int Call = 0x85;
    private const int LoadWide = 0x18;

    /// <summary>Whether runs are printed.</summary>
    public static bool IsTraced { get; set; }

    private readonly Memory _memory;
    private readonly Instruction[] _code;
    private readonly Dictionary<int, TinyMap> _maps = [];

    private TinyProgram(Memory memory, Instruction[] code) => (_memory, _code) = (memory, code);

    /// <summary>The map whose storages it wants.</summary>
    public TinyMap? StorageMap { get; private set; }

    /// <summary>A program; null where the machine is too tiny for it.</summary>
    public static TinyProgram? Create(Memory memory, byte[] bytes, out string why)
    {
        var code = new Instruction[bytes.Length / Instruction.Size];
        for (var slot = 0; slot < code.Length; slot++)
            code[slot] = Instruction.Read(bytes.AsSpan(slot * Instruction.Size));
        why = "";
        for (var slot = 0; slot < code.Length && why.Length == 0; slot++)
        {
            var (opcode, _, _, immediate) = code[slot];
            if (opcode == Call && (code[slot].Src != 0 || immediate is not (Lookup or GetLocalStorage)))
                why = "no functions and no helpers but 1 and 81";
            else if ((code[slot].Class is 4 or 7 && opcode >= 0xd0) || code[slot].Class == 6 || opcode == 0x81)
                why = $"no instruction 0x{opcode:x}";
            else if (opcode == LoadWide && (code[slot].Src > 1 || ++slot == code.Length))
                why = "no addresses of values in instructions";
        }

        return why.Length == 0 ? new TinyProgram(memory, code) : null;
    }

    /// <summary>Says which map a slot loads. False for a second map of storages.</summary>
    public bool TryUse(int slot, TinyMap map)
    {
        _maps[slot] = map;
        if (!map.IsStorage)
            return true;
        StorageMap ??= map;
        return StorageMap == map;
    }
}
