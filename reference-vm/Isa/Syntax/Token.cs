namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>A word (name, register or number), a symbol, or the end of the line, which has no text.</summary>
/// <param name="Text">As written.</param>
/// <param name="Column">Where it starts, from 1.</param>
/// <param name="IsWord">Whether it is a word.</param>
internal readonly record struct Token(string Text, int Column, bool IsWord)
{
    public bool IsEnd => Text.Length == 0;

    public bool IsNumber => IsWord && char.IsAsciiDigit(Text[0]);

    public bool IsName => IsWord && !char.IsAsciiDigit(Text[0]);

    /// <summary>For messages.</summary>
    public override string ToString() => IsEnd ? "end of line" : $"'{Text}'";
}
