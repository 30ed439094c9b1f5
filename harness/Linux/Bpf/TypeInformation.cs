using Conformance.ReferenceVm.Maps;

namespace Conformance.Linux.Bpf;

/// <summary>Type information of a map as BTF.</summary>
internal static class TypeInformation
{
    /// <summary>The blob, and the ids of key and value in it; 0 for what has no type.</summary>
    public static byte[] Build(TypeDescription? key, TypeDescription? value, out uint keyType, out uint valueType)
    {
        var btf = new BtfBuilder();
        keyType = key is null ? 0 : Add(btf, key);
        valueType = value is null ? 0 : Add(btf, value);
        return btf.Build();
    }

    private static uint Add(BtfBuilder btf, TypeDescription type)
    {
        switch (type)
        {
            case IntegerType integer:
                return btf.Integer($"i{integer.Bytes}", (uint)integer.Bytes, integer.IsSigned);
            case EnumType choice:
                return btf.Enumeration("choice", (uint)choice.Bytes);
            case TypedefType named:
                return btf.Typedef("named", Add(btf, named.Of));
            case ArrayType array:
                var element = Add(btf, array.Of);
                return btf.Array(element, btf.Integer("index", 4), (uint)array.Count);
            case StructType structure:
                var members = structure
                    .Members.Select((member, index) => ($"m{index}", Add(btf, member.Type), (uint)member.Offset))
                    .ToArray();
                return structure.IsUnion
                    ? btf.Union("either", (uint)structure.Bytes, members)
                    : btf.Struct("both", (uint)structure.Bytes, members);
            case SpecialType special:
                var word = btf.Integer("word", special.Size >= 8 ? 8u : 4u);
                return btf.Struct(NameOf(special.Kind), (uint)special.Size, ("opaque", word, 0));
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "no such type");
        }
    }

    private static string NameOf(SpecialField kind) =>
        kind switch
        {
            SpecialField.SpinLock => "bpf_spin_lock",
            SpecialField.ResilientSpinLock => "bpf_res_spin_lock",
            SpecialField.Timer => "bpf_timer",
            _ => "bpf_wq",
        };
}
