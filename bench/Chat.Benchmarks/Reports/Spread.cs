using System.Globalization;

namespace Chat.Benchmarks.Reports;

/// <summary>How some times are spread.</summary>
/// <param name="times">The times; at least one.</param>
internal sealed class Spread(IEnumerable<TimeSpan> times)
{
    private readonly List<TimeSpan> _times = [.. times.Order()];

    /// <summary>Least, median, nine tenths and most, in milliseconds.</summary>
    public IEnumerable<string> Cells => ((double[])[0, 0.5, 0.9, 1]).Select(part => Text(At(part)));

    /// <summary>A time in milliseconds.</summary>
    public static string Text(TimeSpan time) => time.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>What so large a part of them did not exceed.</summary>
    public TimeSpan At(double part) => _times[(int)Math.Round(part * (_times.Count - 1))];
}
