using System.Globalization;

namespace Chat.Bench.Reports;

/// <summary>How some times are spread.</summary>
/// <param name="times">The times; at least one.</param>
internal sealed class Spread(IEnumerable<TimeSpan> times)
{
    private readonly List<double> _milliseconds = [.. times.Select(time => time.TotalMilliseconds).Order()];

    /// <summary>Least, median, nine tenths and most, in milliseconds.</summary>
    public IEnumerable<string> Cells => [At(0), At(0.5), At(0.9), At(1)];

    /// <summary>What so large a part of them did not exceed, in milliseconds.</summary>
    public string At(double part) => _milliseconds[(int)Math.Round(part * (_milliseconds.Count - 1))].ToString("0.0", CultureInfo.InvariantCulture);
}
