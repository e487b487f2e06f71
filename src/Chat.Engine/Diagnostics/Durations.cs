using System.Globalization;

namespace Chat.Engine.Diagnostics;

/// <summary>Formats durations for people.</summary>
internal static class Durations
{
    /// <returns><c>850 ns</c>, <c>12 µs</c>, <c>3.4 ms</c>, <c>1.2 s</c>; <c>-</c> for
    /// <see langword="null"/>.</returns>
    public static string Text(TimeSpan? time)
    {
        if (time is not { } known)
            return "-";
        var nanoseconds = known.Ticks * 100.0;
        return nanoseconds switch
        {
            < 1e3 => Format(nanoseconds, "ns"),
            < 1e6 => Format(nanoseconds / 1e3, "µs"),
            < 1e9 => Format(nanoseconds / 1e6, "ms"),
            _ => Format(nanoseconds / 1e9, "s"),
        };
    }

    private static string Format(double value, string unit) =>
        value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + " " + unit;
}
