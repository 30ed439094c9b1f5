using System.Text.RegularExpressions;

namespace Conformance.Harness.Fuzzing;

/// <summary>Messages without their numbers: what refusals and traps are counted by.</summary>
internal static partial class CauseText
{
    public static string Of(string message) => Numbers().Replace(message, "N");

    [GeneratedRegex("-?(?:0x[0-9a-f]+|\\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
