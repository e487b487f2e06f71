namespace Chat.Engine.Isolation.Targets;

/// <summary>Counts calls and records how long the timed ones took, in a histogram of powers of two with four steps
/// each, which makes percentiles accurate to within a fifth. Safe from any thread.</summary>
internal sealed class CallStatistics
{
    private const int StepsPerDoubling = 4, Doublings = 40;

    private readonly long[] _buckets = new long[Doublings * StepsPerDoubling];
    private long _calls, _inFlight;

    public long Calls => Volatile.Read(ref _calls);

    /// <summary>The number of calls that are awaited, or were abandoned and have not returned.</summary>
    public long InFlight => Volatile.Read(ref _inFlight);

    public void Called(int times = 1) => Interlocked.Add(ref _calls, times);

    public void Waiting() => Interlocked.Increment(ref _inFlight);

    public void Answered() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Records the duration of a call.</summary>
    public void Took(TimeSpan time) => Interlocked.Increment(ref _buckets[BucketOf(Math.Max(1, time.Ticks * 100))]);

    /// <summary>Returns the duration that the given share of the timed calls did not exceed.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>The duration; <see langword="null"/> if no call was timed.</returns>
    public TimeSpan? Percentile(double share)
    {
        var total = _buckets.Sum();
        if (total == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(total * share));
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            rank -= _buckets[bucket];
            if (rank <= 0)
                return TimeSpan.FromTicks((long)Math.Ceiling(Math.Pow(2, (bucket + 1.0) / StepsPerDoubling) / 100));
        }

        return null;
    }

    private static int BucketOf(double nanoseconds) =>
        Math.Min((int)(Math.Log(nanoseconds, 2) * StepsPerDoubling), (Doublings * StepsPerDoubling) - 1);
}
