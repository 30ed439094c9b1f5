using System.Globalization;

namespace Conformance.ReferenceVm;

/// <summary>A kernel version: a mainline release (patch 0) or a stable patch of it.</summary>
public readonly record struct KernelVersion(int Major, int Minor, int Patch = 0) : IComparable<KernelVersion>
{
    /// <summary>Whether both belong to one release and its stable branch.</summary>
    public bool SameBranch(KernelVersion other) => (Major, Minor) == (other.Major, other.Minor);

    /// <summary>
    /// Whether a change is in this version: it came with the mainline release <paramref name="since"/>, or with a patch of this
    /// version's own stable branch.
    /// </summary>
    /// <param name="since">The mainline release that brought it.</param>
    /// <param name="stable">The first patches of older stable branches that have it.</param>
    public bool Has(KernelVersion since, params IReadOnlyList<KernelVersion> stable)
    {
        var version = this;
        return version >= since || stable.Any(patch => patch.SameBranch(version) && version >= patch);
    }

    /// <inheritdoc/>
    public int CompareTo(KernelVersion other) =>
        (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Reads <c>6.18</c> or <c>6.18.44</c>; what follows the numbers of a real release (<c>-rc1</c>, <c>-generic</c>) is ignored.</summary>
    public static bool TryParse(string text, out KernelVersion version)
    {
        version = default;
        var end = text.AsSpan().IndexOfAnyExcept("0123456789.");
        var parts = (end < 0 ? text : text[..end]).Split('.');
        Span<int> numbers = stackalloc int[3];
        if (parts.Length is < 2 or > 3)
            return false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        }

        version = new KernelVersion(numbers[0], numbers[1], numbers[2]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Patch == 0 ? $"{Major}.{Minor}" : $"{Major}.{Minor}.{Patch}";

    /// <summary>Older.</summary>
    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    /// <summary>Newer.</summary>
    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    /// <summary>Not newer.</summary>
    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Not older.</summary>
    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;
}
