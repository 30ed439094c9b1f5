namespace Conformance.Harness.Model;

/// <summary>The <c>BPF_F_*</c> bits of an attach.</summary>
public static class AttachFlags
{
    /// <summary>BPF_F_ALLOW_OVERRIDE.</summary>
    public const uint AllowOverride = 1;

    /// <summary>BPF_F_ALLOW_MULTI.</summary>
    public const uint AllowMulti = 2;

    /// <summary>BPF_F_REPLACE.</summary>
    public const uint Replace = 4;

    /// <summary>BPF_F_BEFORE.</summary>
    public const uint Before = 8;

    /// <summary>BPF_F_AFTER.</summary>
    public const uint After = 16;

    /// <summary>BPF_F_ID.</summary>
    public const uint Id = 32;

    /// <summary>BPF_F_PREORDER.</summary>
    public const uint Preorder = 64;

    /// <summary>BPF_F_LINK.</summary>
    public const uint Link = 1 << 13;

    internal const uint OfLinks = Before | After | Id | Preorder | Link;
    internal const uint OfPrograms = AllowOverride | AllowMulti | Replace | OfLinks;
}
