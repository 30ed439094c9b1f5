namespace Conformance.ReferenceVm.Isa;

/// <summary>What a call instruction calls: its source field (RFC 9669 section 4.3).</summary>
public enum CallTarget : byte
{
    /// <summary>A helper, by the number in the immediate.</summary>
    Helper = 0,

    /// <summary>A function of the program itself (bpf-to-bpf), by the distance in the immediate.</summary>
    Local = 1,

    /// <summary>A function of the platform, by its BTF id (Linux: kfunc).</summary>
    BtfId = 2,
}
