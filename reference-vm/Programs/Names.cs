using System.Collections.Frozen;
using System.Text.Json;

namespace Conformance.ReferenceVm.Programs;

/// <summary>libbpf's spelling of program types and attach types, as used in files and output (<c>cgroup_skb</c>, <c>cgroup_inet_egress</c>).</summary>
public static class Names
{
    private static readonly FrozenDictionary<ProgramType, string> ProgramTypeNames = Build<ProgramType>();
    private static readonly FrozenDictionary<AttachType, string> AttachTypeNames = Build<AttachType>();
    private static readonly FrozenDictionary<string, ProgramType> ProgramTypesByName = Invert(ProgramTypeNames);
    private static readonly FrozenDictionary<string, AttachType> AttachTypesByName = Invert(AttachTypeNames);

    /// <summary>The libbpf name of a program type.</summary>
    public static string Of(ProgramType type) => ProgramTypeNames.GetValueOrDefault(type) ?? $"prog_type_{(int)type}";

    /// <summary>The libbpf name of an attach type; <c>attach_type_N</c> for a number that has none here.</summary>
    public static string Of(AttachType type) => AttachTypeNames.GetValueOrDefault(type) ?? $"attach_type_{(int)type}";

    /// <summary>Finds a program type by its libbpf name.</summary>
    public static bool TryParse(string name, out ProgramType type) => ProgramTypesByName.TryGetValue(name, out type);

    /// <summary>Finds an attach type by its libbpf name.</summary>
    public static bool TryParse(string name, out AttachType type) => AttachTypesByName.TryGetValue(name, out type);

    private static FrozenDictionary<T, string> Build<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToFrozenDictionary(value => value, value => Spell(value.ToString()));

    private static FrozenDictionary<string, T> Invert<T>(FrozenDictionary<T, string> names)
        where T : notnull => names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    // CgroupInet4PostBind -> cgroup_inet4_post_bind, CgroupUdp4Sendmsg -> cgroup_udp4_sendmsg.
    private static string Spell(string pascal) => JsonNamingPolicy.SnakeCaseLower.ConvertName(pascal);
}
