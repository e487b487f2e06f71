using System.Numerics;

namespace Chat.Load.Counting;

/// <summary>
/// Counts times in buckets: 64 for each power of two, so a percentile is off by less than 1 in 64. The maximum is
/// exact. Recording is one increment: millions a second are recorded on the thread that measures.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Precision = 6, Buckets = 1 << Precision;

    private readonly long[] _counts = new long[(64 - Precision) * Buckets];

    public long Count { get; private set; }

    /// <value>In nanoseconds.</value>
    public long Max { get; private set; }

    /// <param name="nanoseconds">Below 0 counts as 0.</param>
    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(nanoseconds, 0);
        _counts[IndexOf(nanoseconds)]++;
        Count++;
        if (nanoseconds > Max)
            Max = nanoseconds;
    }

    /// <summary>What a share of all times is at most, in nanoseconds; 0 when there is none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public long At(double share)
    {
        var wanted = Math.Max(1, (long)Math.Round(share * Count));
        long seen = 0;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= wanted)
                return Math.Min(MiddleOf(index), Max);
        }

        return Max;
    }

    // Below 128 each value has its own bucket; from there on the highest seven bits choose.
    private static int IndexOf(long value)
    {
        var shift = BitOperations.Log2((ulong)value | Buckets) - Precision;
        return (shift * Buckets) + (int)(value >> shift);
    }

    private static long MiddleOf(int index)
    {
        var shift = Math.Max(0, (index / Buckets) - 1);
        return ((long)(index - (shift * Buckets)) << shift) + (1L << shift >> 1);
    }
}
