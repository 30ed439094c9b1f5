using Conformance.ReferenceVm.Isa.Syntax;

namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// Turns text into instructions. The dialect is the C-like one of LLVM and of the verifier's log, one label or instruction a
/// line (a label may stand before an instruction):
/// <code>
///       r1 = map[storage] ll            ; comment, also // and, after a space, #
///       r2 = 0
///       call bpf_get_local_storage#81   ; or: call 81, call bpf_get_local_storage
///       if r0 == 0 goto out             ; or: goto +2
///       lock *(u64 *)(r0 + 0) += r1
/// out:  exit
///       .raw 85 00 00 00 51 00 00 00    ; any slot by its bytes, legal or not
/// </code>
/// </summary>
public static class Assembler
{
    /// <summary>Assembles a program; the first mistake, by line, is the result's error.</summary>
    public static AssemblyResult Assemble(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var program = new ProgramBuilder();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (!Lexer.TryTokenize(line, out var tokens, out var bad))
                return AssemblyResult.Failure(new AssemblyError($"unexpected {bad}", number, bad.Column));
            var reader = new LineReader(tokens, number);
            if (!Line(reader, program))
                return AssemblyResult.Failure(reader.Error!);
        }
        return program.Finish();
    }

    private static bool Line(LineReader reader, ProgramBuilder program)
    {
        while (reader.Peek.IsName && string.Equals(reader.PeekSecond.Text, ":", StringComparison.Ordinal))
        {
            if (!program.Define(reader.Take(), reader))
                return false;
            reader.Take();
        }
        return reader.Peek.IsEnd || (StatementParser.Parse(reader, program) && reader.ExpectEnd());
    }
}
