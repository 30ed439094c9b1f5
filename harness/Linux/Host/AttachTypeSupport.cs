using System.Collections.Frozen;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Linux.Host;

/// <summary>Which attach types a kernel knows, found out by loading the smallest program for each.</summary>
internal sealed class AttachTypeSupport
{
    private static readonly Lazy<AttachTypeSupport> Host = new(() => Probe(HostKernel.Release(), Load));

    private readonly FrozenDictionary<AttachType, string> _missing;

    private AttachTypeSupport(FrozenDictionary<AttachType, string> missing) => _missing = missing;

    /// <summary>That of this machine's kernel; it is asked once in a process.</summary>
    public static AttachTypeSupport OfThisKernel => Host.Value;

    /// <summary>Asks a kernel.</summary>
    /// <param name="release">Its version.</param>
    /// <param name="load">Loads the smallest program of a type for an attach type.</param>
    public static AttachTypeSupport Probe(string release, Func<ProgramType, AttachType, Errno> load) =>
        new(
            Enum.GetValues<AttachType>()
                .Select(type => (type, errno: load(ProgramTypes.Of(type)!.Value, type)))
                .Where(probe => probe.errno != Errno.None)
                .ToFrozenDictionary(probe => probe.type, probe => Sentence(release, probe.type, probe.errno))
        );

    /// <summary>The answer to an operation that needs what this kernel does not have, or null.</summary>
    public Answer? Refuses(Operation operation) =>
        _missing.Count > 0 && Reason(operation) is { } reason ? Answers.Unsupported(reason) : null;

    private string? Reason(Operation operation) =>
        operation switch
        {
            ProgLoad op => Reason(op),
            ProgAttach op => Missing(op.AttachType),
            ProgDetach op => Missing(op.AttachType),
            LinkCreate op => Missing(op.AttachType),
            ProgQuery op => Missing(op.AttachType),
            Fire op => Missing(op.AttachType),
            _ => null,
        };

    // A program type came with the first of its attach types. An attach type of another program type is refused by every kernel.
    private string? Reason(ProgLoad load) =>
        ProgramTypes.Find(load.Type)?.AttachTypes is not { Count: > 0 } types ? null
        : types.Contains(load.ExpectedAttachType) ? Missing(load.ExpectedAttachType)
        : types.All(_missing.ContainsKey) ? Missing(types[0])
        : null;

    private string? Missing(AttachType type) => _missing.GetValueOrDefault(type);

    private static string Sentence(string release, AttachType type, Errno errno)
    {
        var since = AttachTypeAge.Since(type);
        var name = Names.Of(type);
        if (errno != Errno.EINVAL)
        {
            return $"Linux {release} refuses every program for the attach type {name} ({HostErrno.Name(errno)})";
        }

        return KernelVersion.TryParse(release, out var kernel) && kernel >= since
            ? $"Linux {release} was built without the attach type {name} (in mainline since {since})"
            : $"Linux {release} has no attach type {name} (since {since})";
    }

    private static Errno Load(ProgramType type, AttachType attachType)
    {
        var code = Bytecode.Encode(Assembler.Assemble("r0 = 1\nexit").Instructions);
        var result = BpfCall.ProgLoad((uint)type, (uint)attachType, code, 0, 0, 0, [], [], out _);
        using var program = new Descriptor(result);
        return result < 0 ? (Errno)(-result) : Errno.None;
    }
}
