using System.Diagnostics.CodeAnalysis;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Execution;

/// <content>Turning what a program passed to a helper into what it names.</content>
public sealed unsafe partial class RunContext
{
    /// <summary>The live map that a map pointer names, or null.</summary>
    internal Map? MapAt(ulong pointer) => Environment.Maps.Find(MapTokens.IdOf(pointer));

    /// <summary>The map in R1 and the key that R2 points to, for the helpers that work on elements; false, and a trap, where they are none.</summary>
    internal bool TryMapAndKey(ulong* registers, [NotNullWhen(true)] out Map? map, out ReadOnlySpan<byte> key)
    {
        map = MapAt(registers[1]);
        key = default;
        if (map is null)
        {
            Trap("R1 is not a map pointer");
            return false;
        }

        if (!map.HasElementsForPrograms)
        {
            Trap($"the elements of a {map.Definition.Type} map are not for programs");
            return false;
        }

        if (!Environment.Arena.TryBytes(registers[2], map.Definition.KeySize, out var bytes))
        {
            Trap($"R2 is not a key of {map.Definition.KeySize} bytes");
            return false;
        }

        key = bytes;
        return true;
    }
}
