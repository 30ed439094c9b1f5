using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Vectors;

/// <summary>The types that have a word of their own, in vectors and in the protocol.</summary>
internal static class TypeWords
{
    private static readonly Dictionary<string, TypeDescription> Words = new(StringComparer.Ordinal)
    {
        ["u8"] = new IntegerType(1),
        ["u16"] = new IntegerType(2),
        ["u32"] = new IntegerType(4),
        ["u64"] = new IntegerType(8),
        ["u128"] = new IntegerType(16),
        ["s32"] = new IntegerType(4, IsSigned: true),
        ["s64"] = new IntegerType(8, IsSigned: true),
        ["enum32"] = new EnumType(4),
        ["enum64"] = new EnumType(8),
        ["spin_lock"] = new SpecialType(SpecialField.SpinLock),
        ["res_spin_lock"] = new SpecialType(SpecialField.ResilientSpinLock),
        ["timer"] = new SpecialType(SpecialField.Timer),
        ["wq"] = new SpecialType(SpecialField.WorkQueue),
    };

    private static readonly Dictionary<TypeDescription, string> Spelling = Words.ToDictionary(
        pair => pair.Value,
        pair => pair.Key
    );

    /// <summary>All words, for messages.</summary>
    public static string All => string.Join(", ", Words.Keys);

    /// <summary>The type of a word, or null.</summary>
    public static TypeDescription? Find(string word) => Words.GetValueOrDefault(word);

    /// <summary>The word of a type; null for types that are made of others.</summary>
    public static string? Of(TypeDescription type) => Spelling.GetValueOrDefault(type);
}
