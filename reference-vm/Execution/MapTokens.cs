namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Map pointers as programs hold them: not addresses but numbers outside the arena that name a map by its id. A helper turns
/// them back and traps on anything that is no token of a live map, so that a forged map pointer reaches nothing.
/// </summary>
public static class MapTokens
{
    private const ulong Tag = 0xffff_8881_0000_0000;
    private const ulong TagMask = 0xffff_ffff_0000_00ff;
    private const int IdShift = 8;

    /// <summary>The token of the map with this id (1 to 2^24 - 1).</summary>
    public static ulong Of(int mapId) => Tag | (uint)mapId << IdShift;

    /// <summary>The id in a token, or 0 where the value is none.</summary>
    public static int IdOf(ulong token) => (token & TagMask) == Tag ? (int)((uint)token >> IdShift) : 0;
}
