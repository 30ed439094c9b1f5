using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>The names a vector may use for numbers of the interface.</summary>
internal static class CaseNames
{
    public static readonly IReadOnlyDictionary<string, ulong> AttachFlags = new Dictionary<string, ulong>
    {
        ["allow_override"] = 1,
        ["allow_multi"] = 2,
        ["replace"] = 4,
        ["before"] = 8,
        ["after"] = 16,
        ["id"] = 32,
        ["preorder"] = 64,
        ["link"] = 1 << 13,
    };

    public static readonly IReadOnlyDictionary<string, ulong> ElementFlags = new Dictionary<string, ulong>
    {
        ["noexist"] = 1,
        ["exist"] = 2,
        ["lock"] = 4,
        ["cpu"] = 8,
        ["all_cpus"] = 16,
    };

    public static readonly IReadOnlyDictionary<string, ulong> LoadFlags = new Dictionary<string, ulong>
    {
        ["strict_alignment"] = 1,
        ["any_alignment"] = 2,
        ["test_state_freq"] = 8,
        ["sleepable"] = 16,
    };

    public static readonly IReadOnlyDictionary<string, ulong> MapFlags = new Dictionary<string, ulong>
    {
        ["no_prealloc"] = 1,
        ["numa_node"] = 4,
        ["rdonly"] = 8,
        ["wronly"] = 16,
        ["rdonly_prog"] = 128,
        ["wronly_prog"] = 256,
        ["mmapable"] = 1024,
    };

    public static bool TryProgramType(string name, out ProgramType type) =>
        Names.TryParse(name, out type) && type != ProgramType.Unspecified;

    // Enum.TryParse takes numbers and lists too; a vector names one error.
    public static bool TryErrno(string name, out Errno errno)
    {
        errno = default;
        return name.StartsWith('E') && !name.Contains(',') && Enum.TryParse(name, out errno);
    }

    /// <summary>Lower-case letters, digits and underscores, beginning with a letter.</summary>
    public static bool IsWord(string name) =>
        name.Length > 0
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>Letters, digits, underscores and hyphens: what cgroups, maps, programs, links, tracks and numbers are named with.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
