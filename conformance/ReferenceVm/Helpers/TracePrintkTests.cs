using System.Text;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Helpers;

public sealed class TracePrintkTests : IDisposable
{
    private const ulong Einval = unchecked((ulong)-(long)Errno.EINVAL);

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("plain\n", 0, 0, 0, "plain\n")]
    [InlineData("100%%", 0, 0, 0, "100%")]
    [InlineData("%d %i %u", -1, 4294967297, -1, "-1 1 4294967295")]
    [InlineData("%ld %lld %llu", -1, 4294967297, -1, "-1 4294967297 18446744073709551615")]
    [InlineData("%x %X %#x", 255, 255, 255, "ff FF 0xff")]
    [InlineData("%lx", -1, 0, 0, "ffffffffffffffff")]
    [InlineData("%5d|%-5d|%05d", 42, 42, -42, "   42|42   |-0042")]
    [InlineData("%c%c", 'o', 'k', 0, "ok")]
    [InlineData("%p", 0x1234, 0, 0, "0000000000001234")]
    [InlineData("%s.", 0, 0, 0, ".")]
    public void It_formats_up_to_three_arguments(string format, long first, long second, long third, string expected)
    {
        Print(format + "\0", first, second, third).Should().Be((ulong)expected.Length);
        _guest.Environment.Trace.Drain().Should().Be(expected);
        _guest.Environment.Trace.Drain().Should().BeEmpty();
    }

    [Fact]
    public void A_string_is_read_from_guest_memory()
    {
        var address = Text("hello\0");
        Print("<%8s>\0", (long)address, 0, 0).Should().Be(10);
        _guest.Environment.Trace.Drain().Should().Be("<   hello>");
    }

    [Theory]
    [InlineData("no end")]
    [InlineData("%d %d %d %d\0")]
    [InlineData("%f\0")]
    [InlineData("%\0")]
    [InlineData("%l\0")]
    [InlineData("%hhd\0")]
    [InlineData("bell \a\0")]
    [InlineData("ümlaut\0")]
    public void What_is_no_format_is_einval_and_prints_nothing(string format)
    {
        Print(format, 1, 2, 3).Should().Be(Einval);
        _guest.Environment.Trace.Drain().Should().BeEmpty();
    }

    [Fact]
    public void A_format_that_is_not_memory_traps() =>
        _guest.Trap("r1 = 0\nr2 = 4\ncall 6\nexit").Should().Be("R1 of trace_printk is not a format of R2 bytes");

    [Fact]
    public void The_buffer_keeps_the_newest()
    {
        for (var line = 0; line < 10_000; line++)
        {
            Print("line %d\n\0", line, 0, 0);
        }

        var text = _guest.Environment.Trace.Drain();
        text.Length.Should().Be(64 * 1024);
        text.Should().EndWith("line 9998\nline 9999\n");
    }

    private ulong Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var address = _guest.Arena.Allocate(bytes.Length);
        bytes.CopyTo(_guest.Arena.Bytes(address, bytes.Length));
        return address;
    }

    private ulong Print(string format, long first, long second, long third)
    {
        var address = Text(format);
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program("call 6\nexit"), run);
        ulong[] arguments =
        [
            address,
            (ulong)Encoding.UTF8.GetByteCount(format),
            (ulong)first,
            (ulong)second,
            (ulong)third,
        ];
        for (var argument = 0; argument < arguments.Length; argument++)
        {
            run.SetRegister(argument + 1, arguments[argument]);
        }

        var result = Interpreter.Continue(run, 10);
        _guest.Processors.Leave(run);
        _guest.Arena.Free(address);
        return result.Value;
    }
}
