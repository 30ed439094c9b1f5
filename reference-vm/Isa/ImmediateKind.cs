namespace Conformance.ReferenceVm.Isa;

/// <summary>What a 64-bit immediate load loads: its source field (RFC 9669 section 5.4, table 14).</summary>
public enum ImmediateKind : byte
{
    /// <summary>The number itself: lower half in this slot, upper half in the next.</summary>
    Constant = 0,

    /// <summary>The map behind a file descriptor.</summary>
    MapDescriptor = 1,

    /// <summary>The address of a byte in the value of the map behind a file descriptor; the next slot has the byte's offset.</summary>
    MapDescriptorValue = 2,

    /// <summary>The address of a variable of the platform, by its BTF id.</summary>
    Variable = 3,

    /// <summary>A function of the program, by the distance in slots from the one after this.</summary>
    Function = 4,

    /// <summary>The map at an index of the table passed at load.</summary>
    MapIndex = 5,

    /// <summary>As <see cref="MapDescriptorValue"/>, by the index in the table.</summary>
    MapIndexValue = 6,
}
