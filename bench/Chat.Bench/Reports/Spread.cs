using System.Globalization;

namespace Chat.Bench.Reports;

/// <summary>How some times are spread.</summary>
/// <param name="times">The times; at least one.</param>
internal sealed class Spread(IEnumerable<TimeSpan> times)
{
    private readonly List<double> _milliseconds = [.. times.Select(time => time.TotalMilliseconds).Order()];

    /// <summary>Least, median, nine tenths and most, in milliseconds.</summary>
    public IEnumerable<string> Cells => ((double[])[_milliseconds[0], At(0.5), At(0.9), _milliseconds[^1]]).Select(value => value.ToString("0.0", CultureInfo.InvariantCulture));

    private double At(double part) => _milliseconds[(int)Math.Round(part * (_milliseconds.Count - 1))];
}
