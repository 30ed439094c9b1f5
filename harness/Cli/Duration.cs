using System.CommandLine.Parsing;
using System.Globalization;

namespace Conformance.Cli;

/// <summary>Reads an option's length of time: a whole number of seconds, minutes or hours.</summary>
internal static class Duration
{
    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (
            text.Length > 1
            && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
        )
        {
            switch (text[^1])
            {
                case 's':
                    return TimeSpan.FromSeconds(number);
                case 'm':
                    return TimeSpan.FromMinutes(number);
                case 'h':
                    return TimeSpan.FromHours(number);
                default:
                    break;
            }
        }

        result.AddError(
            $"{(result.Parent as OptionResult)?.Option.Name} {text}: must be a time such as 90s, 10m or 2h"
        );
        return null;
    }
}
