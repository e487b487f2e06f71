using System.Diagnostics;

namespace Chat.Load;

/// <summary>Nanoseconds since the tool began, by the monotonic clock: what a marker's time is in.</summary>
internal static class Clock
{
    public const long Second = 1_000_000_000, Millisecond = 1_000_000;

    // On Linux a tick is a nanosecond.
    private static readonly long _start = Stopwatch.GetTimestamp();

    // In this order: the start is read before the time that it is taken from.
    public static long Now => -_start + Stopwatch.GetTimestamp();

    public static double Seconds(long nanoseconds) => nanoseconds / (double)Second;

    public static long Of(double seconds) => (long)(seconds * Second);
}
