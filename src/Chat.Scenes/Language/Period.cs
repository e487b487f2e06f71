using System.Globalization;
using System.Text.RegularExpressions;

namespace Chat.Scenes.Language;

/// <summary>Parses a length of time: <c>5 minutes</c>, <c>10 s</c>, <c>1 h 30 min</c>.</summary>
internal static partial class Period
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(400);

    /// <summary>Parses a time from 1 ms to 400 days.</summary>
    /// <returns><see langword="false"/> if it is not one.</returns>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        var match = Shape().Match(text);
        if (!match.Success)
            return false;
        foreach (var (number, unit) in match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures))
        {
            var part = TicksOf(unit.Value)
                * decimal.Parse(number.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            if (part > _longest.Ticks)
                return false;
            time += TimeSpan.FromTicks((long)part);
        }

        return time >= TimeSpan.FromMilliseconds(1) && time <= _longest;
    }

    private static long TicksOf(string unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        ['s', ..] => TimeSpan.TicksPerSecond,
        ['m', ..] => TimeSpan.TicksPerMinute,
        ['h', ..] => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    [GeneratedRegex(
        @"^((?<number>[0-9]{1,9}(\.[0-9]{1,6})?) ?(?<unit>ms|s|sec|seconds?|min|minutes?|h|hours?|d|days?)( |$))+$")]
    private static partial Regex Shape();
}
