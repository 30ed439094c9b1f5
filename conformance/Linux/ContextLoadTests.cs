using System.Buffers.Binary;
using Conformance.Harness.Machines;
using Conformance.Linux;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.Tests.Linux;

/// <summary>Every load of a number that a context or a socket permits, on the reference VM and on the live kernel.</summary>
public class ContextLoadTests
{
    // Each kernel's TCP chooses them, and a Unix socket's port is part of its name.
    private static readonly string[] Open = ["rtt_min", "snd_ssthresh", "mss_cache"];

    [LiveKernelFact]
    public void Every_permitted_load_of_the_default_events_yields_the_same()
    {
        LinuxVirtualMachine.TryOpen(out var kernel).Should().BeNull();
        using var live = kernel!;
        using var reference = new ReferenceVirtualMachine(Behaviour.For(live.Identity.Kernel!));
        var differences = new List<string>();
        var compared = 0;
        foreach (var info in ProgramTypes.All.Where(info => info.IsCgroupType))
        {
            foreach (var attachType in info.AttachTypes)
            {
                var loads = Loads(info, attachType).ToList();
                var (here, there) = (Values(reference, info, attachType, loads), Values(live, info, attachType, loads));
                compared += loads.Count;
                differences.AddRange(
                    loads
                        .Index()
                        .Where(load => here[load.Index] != there[load.Index])
                        .Select(load =>
                            $"{Names.Of(attachType)} {load.Item.Name}: reference {here[load.Index]:x}, kernel {there[load.Index]:x}"
                        )
                );
            }
        }

        differences.Should().BeEmpty();
        compared.Should().BeGreaterThan(1000);
    }

    // Each loads into r7; r6 is the context.
    private static IEnumerable<(string Name, string[] Lines)> Loads(ProgramTypeInfo info, AttachType attachType)
    {
        foreach (var field in info.Context.Fields.Where(field => field.Kind == ContextFieldKind.Scalar))
        {
            var isName = field.Name == "user_port" && Names.Of(attachType).Contains("unix", StringComparison.Ordinal);
            foreach (var (offset, size) in Places(field.Offset, field.Offset + field.Size))
            {
                if (field.Permits(offset, size, write: false, attachType) && !isName && !Open.Contains(field.Name))
                {
                    yield return (
                        $"{field.Name}+{offset - field.Offset} u{size * 8}",
                        [$"r7 = *(u{size * 8} *)(r6 + {offset})"]
                    );
                }
            }
        }

        if (info.Context.Fields.FirstOrDefault(field => field.Name == "sk") is not { } socket)
        {
            yield break;
        }

        var layout = socket.Kind == ContextFieldKind.SocketCommonOrNull ? SockContext.SocketCommon : SockContext.Socket;
        foreach (var (offset, size) in Places(0, SockContext.Size))
        {
            if (layout.Find(offset, size, write: false, default) is not null)
            {
                yield return (
                    $"sk+{offset} u{size * 8}",
                    [
                        "r7 = 0",
                        $"r1 = *(u64 *)(r6 + {socket.Offset})",
                        "if r1 == 0 goto +1",
                        $"r7 = *(u{size * 8} *)(r1 + {offset})",
                    ]
                );
            }
        }
    }

    private static IEnumerable<(int Offset, int Size)> Places(int start, int end) =>
        from size in new[] { 1, 2, 4, 8 }
        from offset in Enumerable.Range(start, end - start)
        where offset % size == 0 && offset + size <= end
        select (offset, size);

    private static ulong[] Values(
        IVirtualMachine machine,
        ProgramTypeInfo info,
        AttachType attachType,
        List<(string Name, string[] Lines)> loads
    )
    {
        string[] lines =
        [
            "r6 = r1",
            "*(u32 *)(r10 - 4) = 0",
            "r2 = r10",
            "r2 += -4",
            "r1 = map[values] ll",
            "call 1",
            "r9 = r0",
            "if r9 == 0 goto out",
            .. loads
                .Index()
                .SelectMany(load => (string[])[.. load.Item.Lines, $"*(u64 *)(r9 + {8 * load.Index}) = r7"]),
            "out:",
            "r0 = 1",
            "exit",
        ];
        var assembled = Assembler.Assemble(string.Join('\n', lines));
        var maps = assembled.MapReferences.Select(map => new MapReference(map.Instruction, map.Map));
        machine.Reset();
        foreach (
            var operation in (Operation[])
                [
                    new CgroupCreate("c"),
                    new MapCreate("values", MapType.Array, 4, 8 * loads.Count, 1),
                    new ProgLoad("loads", info.Type, attachType, Bytecode.Encode(assembled.Instructions), [.. maps]),
                    new ProgAttach("loads", "c", attachType),
                    new Fire(attachType, "c"),
                ]
        )
        {
            var answer = machine.Perform(operation);
            answer.Kind.Should().Be(AnswerKind.Ok, $"{machine.Identity.Name}, {attachType}: {answer.Message}");
        }

        var values = machine.Perform(new MapLookupElem("values", new RawKey(new byte[4]))).Value!;
        return [.. values.Chunk(8).Select(value => BinaryPrimitives.ReadUInt64LittleEndian(value))];
    }
}
