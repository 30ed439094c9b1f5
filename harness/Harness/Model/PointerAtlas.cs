namespace Conformance.Harness.Model;

/// <summary>
/// The addresses a machine has shown, by the area they belong to. What the model says of pointers is a relation: one area has
/// one address for as long as it lives, and two living areas never have the same.
/// </summary>
public sealed class PointerAtlas
{
    private const ulong Alignment = 8;
    private readonly Dictionary<(int Buffer, int Cpu), ulong> addresses = [];

    /// <summary>Takes note of an address; says what is wrong with it, or null.</summary>
    /// <param name="area">The area it is said to be the address of.</param>
    /// <param name="address">The address as a program wrote it down.</param>
    /// <param name="living">All areas that live now; addresses of others may be used again.</param>
    public string? Note(Area area, ulong address, IEnumerable<Area> living)
    {
        if (addresses.TryGetValue((area.Buffer, area.Cpu), out var known) && known != address)
        {
            return $"the pointer was 0x{known:x} and is now 0x{address:x}";
        }

        if (address == 0 || address % Alignment != 0)
        {
            return $"the pointer 0x{address:x} is null or not aligned to {Alignment} bytes";
        }

        var alive = living.Select(other => (other.Buffer, other.Cpu)).ToHashSet();
        foreach (var ended in addresses.Keys.Where(key => !alive.Contains(key)).ToList())
        {
            addresses.Remove(ended);
        }

        addresses[(area.Buffer, area.Cpu)] = address;
        return addresses.Count(entry => entry.Value == address) > 1
            ? $"the pointer 0x{address:x} is that of another storage or CPU as well"
            : null;
    }
}
