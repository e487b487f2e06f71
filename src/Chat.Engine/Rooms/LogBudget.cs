namespace Chat.Engine.Rooms;

/// <summary>Limits the total size of all rooms' logs. Each log has its own limit, but there may be many rooms. Safe
/// from any thread.</summary>
/// <param name="maxBytes">The most bytes for all logs, approximately.</param>
internal sealed class LogBudget(long maxBytes)
{
    private const long MostByDefault = 256 * 1024 * 1024;

    private long _bytes;
    private int _isTrimming;

    /// <summary>An eighth of the memory that the process may use, but from 16 to 256 MiB.</summary>
    public static long DefaultBytes =>
#if NET
        Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8, MostByDefault / 16, MostByDefault);
#else
        MostByDefault;
#endif

    /// <summary>The approximate size of all logs in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether the logs exceed the budget.</summary>
    public bool IsExceeded => Bytes > maxBytes;

    /// <summary>Adds a change in the size of a log.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Makes the fullest logs forget half of their lines until an eighth of the budget is free, so that
    /// trimming is rare. One thread at a time; other callers return at once. The caller must not hold a room's
    /// lock.</summary>
    public void Trim(IEnumerable<Room> rooms, Feed feed)
    {
        if (Interlocked.Exchange(ref _isTrimming, 1) != 0)
            return;
        try
        {
            IEnumerable<(long Bytes, Func<bool> Trim)> logs =
                [(feed.Log.Bytes, feed.TrimLog), .. rooms.Select(room => (room.Log.Bytes, (Func<bool>)room.TrimLog))];
            var fullest = new Queue<Func<bool>>(logs.OrderByDescending(log => log.Bytes).Select(log => log.Trim));
            while (Bytes > maxBytes / 8 * 7 && fullest.Count > 0)
            {
                var trim = fullest.Dequeue();
                if (trim())
                    fullest.Enqueue(trim);
            }
        }
        finally
        {
            Volatile.Write(ref _isTrimming, 0);
        }
    }
}
