namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>
/// Parses atomics, in LLVM's spelling (<c>xchg_64(r1 + 0, r2)</c>) and in that of the verifier's log
/// (<c>atomic64_xchg((u64 *)(r1 + 0), r2)</c>). The 32-bit forms take their registers under either name.
/// </summary>
internal static class AtomicParser
{
    /// <summary><c>lock *(u64 *)(r1 + 0) += r2</c>.</summary>
    public static bool Locked(LineReader reader, ProgramBuilder program)
    {
        reader.Take();
        if (!reader.Expect("*") || !Memory(reader, out var size, out var register, out var offset))
            return false;
        if (!Mnemonics.TryLocked(reader.Peek.Text, out var operation))
            return reader.Fail($"expected '+=', '|=', '&=' or '^=', found {reader.Peek}");
        reader.Take();
        return Operand(reader, size, out var value)
            && Add(reader, program, operation, size, register, value.Number, offset);
    }

    /// <summary><c>store_release((u64 *)(r1 + 0), r2)</c>.</summary>
    public static bool StoreRelease(LineReader reader, ProgramBuilder program)
    {
        reader.Take();
        return reader.Expect("(")
            && TypedMemory(reader, out var size, out var register, out var offset)
            && reader.Expect(",")
            && Operand(reader, size, out var value)
            && reader.Expect(")")
            && Add(reader, program, AtomicOperation.StoreRelease, size, register, value.Number, offset);
    }

    /// <summary>The atomics that leave something in a register.</summary>
    public static bool Fetching(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        var name = reader.Peek;
        switch (name.Text)
        {
            case "load_acquire":
                return LoadAcquire(reader, program, target);
            case "xchg_64":
                return Exchange(reader, program, target, OperandSize.DoubleWord);
            case "xchg_32" or "xchg32_32":
                return Exchange(reader, program, target, OperandSize.Word);
            case "atomic_xchg" or "atomic64_xchg":
                return Exchange(reader, program, target, null);
            case "cmpxchg_64":
                return CompareExchange(reader, program, target, OperandSize.DoubleWord);
            case "cmpxchg_32" or "cmpxchg32_32":
                return CompareExchange(reader, program, target, OperandSize.Word);
            case "atomic_cmpxchg" or "atomic64_cmpxchg":
                return CompareExchange(reader, program, target, null);
        }
        if (
            Mnemonics.TryFetching(
                name.Text.Replace("atomic64_", "atomic_", StringComparison.Ordinal),
                out var operation
            )
        )
            return Fetch(reader, program, target, operation, null);
        if (name.IsEnd)
            return reader.Fail("missing operand after '='");
        return reader.Fail(name.IsName ? $"unknown mnemonic {name}" : $"expected a value, found {name}");
    }

    private static bool Exchange(
        LineReader reader,
        ProgramBuilder program,
        RegisterOperand target,
        OperandSize? size
    ) => Fetch(reader, program, target, AtomicOperation.Exchange, size);

    private static bool Fetch(
        LineReader reader,
        ProgramBuilder program,
        RegisterOperand target,
        AtomicOperation operation,
        OperandSize? named
    )
    {
        var name = reader.Take();
        if (
            !reader.Expect("(")
            || !Memory(reader, named, out var size, out var register, out var offset)
            || !reader.Expect(",")
            || !Operand(reader, size, out var value)
            || !reader.Expect(")")
            || !HoldsResult(reader, target, size)
        )
            return false;
        if (target.Number != value.Number)
            return reader.Fail(
                target.Token,
                $"{name.Text} leaves the old value in its operand: {value.Token.Text}, not {target.Token.Text}"
            );
        return Add(reader, program, operation, size, register, value.Number, offset);
    }

    private static bool CompareExchange(
        LineReader reader,
        ProgramBuilder program,
        RegisterOperand target,
        OperandSize? named
    )
    {
        var name = reader.Take();
        if (
            !reader.Expect("(")
            || !Memory(reader, named, out var size, out var register, out var offset)
            || !reader.Expect(",")
            || !Operand(reader, size, out var compared)
            || !reader.Expect(",")
            || !Operand(reader, size, out var value)
            || !reader.Expect(")")
            || !HoldsResult(reader, target, size)
        )
            return false;
        foreach (var fixedRegister in (ReadOnlySpan<RegisterOperand>)[target, compared])
            if (fixedRegister.Number != Register.Result)
                return reader.Fail(
                    fixedRegister.Token,
                    $"{name.Text} compares with r0 and leaves the old value there, not in {fixedRegister.Token.Text}"
                );
        return Add(reader, program, AtomicOperation.CompareExchange, size, register, value.Number, offset);
    }

    private static bool LoadAcquire(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        reader.Take();
        return reader.Expect("(")
            && TypedMemory(reader, out var size, out var register, out var offset)
            && reader.Expect(")")
            && HoldsResult(reader, target, size)
            && Add(reader, program, AtomicOperation.LoadAcquire, size, target.Number, register, offset);
    }

    /// <summary>The memory operand: typed, or bare where the mnemonic names the size.</summary>
    private static bool Memory(
        LineReader reader,
        OperandSize? named,
        out OperandSize size,
        out byte register,
        out short offset
    )
    {
        if (named is null)
            return Memory(reader, out size, out register, out offset);
        size = named.Value;
        return reader.BareAddress(out register, out offset);
    }

    /// <summary>Memory of a read-modify-write, which exists for 32 and 64 bits only.</summary>
    private static bool Memory(LineReader reader, out OperandSize size, out byte register, out short offset)
    {
        var type = reader.PeekSecond;
        if (!TypedMemory(reader, out size, out register, out offset))
            return false;
        return size is OperandSize.Word or OperandSize.DoubleWord
            || reader.Fail(type, $"atomic operations have 32 or 64 bits, not {type.Text}");
    }

    private static bool TypedMemory(LineReader reader, out OperandSize size, out byte register, out short offset)
    {
        register = 0;
        offset = 0;
        return StatementParser.UnsignedPointer(reader, out size) && reader.Address(out register, out offset);
    }

    private static bool Operand(LineReader reader, OperandSize size, out RegisterOperand operand) =>
        reader.Register(out operand) && HoldsResult(reader, operand, size);

    private static bool HoldsResult(LineReader reader, RegisterOperand register, OperandSize size) =>
        register.Wide
        || size != OperandSize.DoubleWord
        || reader.Fail(register.Token, $"64 bits need r{register.Number}, not {register.Token.Text}");

    private static bool Add(
        LineReader reader,
        ProgramBuilder program,
        AtomicOperation operation,
        OperandSize size,
        byte dst,
        byte src,
        short offset
    )
    {
        var opcode = Opcode.Of(InstructionClass.StoreRegister, AddressMode.Atomic, size);
        program.Add(new Instruction(opcode, dst, src, offset, (int)operation), reader.Line);
        return true;
    }
}
