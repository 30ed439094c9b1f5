using System.Text.Encodings.Web;
using System.Text.Json;

namespace Conformance.Harness.Wire;

/// <summary>Numbers of the adapter protocol, as PROTOCOL.md states them.</summary>
public static class ProtocolFacts
{
    /// <summary>The version that both ends name in <c>hello</c>.</summary>
    public const int Version = 1;

    /// <summary>Bytes of the longest line, its end not counted: room for a program of a million instructions, or for a kernel's longest log.</summary>
    public const int LongestLine = 32 << 20;

    /// <summary>The most CPUs an adapter may claim: what Linux can be built for.</summary>
    internal const int MostCpus = 8192;

    internal static JsonWriterOptions Json { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
