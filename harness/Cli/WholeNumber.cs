using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Conformance.Cli;

/// <summary>Reads an option's number; what is none is refused in words for users.</summary>
internal static class WholeNumber
{
    public static T Parse<T>(ArgumentResult result)
        where T : struct, IBinaryInteger<T>
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var option = (result.Parent as OptionResult)?.Option.Name;
        var isNumber = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        result.AddError($"{option} {text}: {(isNumber ? "is too large" : "must be a whole number")}");
        return default;
    }
}
