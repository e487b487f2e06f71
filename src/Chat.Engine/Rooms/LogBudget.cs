namespace Chat.Engine.Rooms;

/// <summary>
/// Limits what the logs of all rooms keep together. Each log has its own limit, but many rooms may exist. Safe from any thread.
/// </summary>
/// <param name="maxBytes">The most bytes for all logs, approximately.</param>
internal sealed class LogBudget(long maxBytes)
{
    private long _bytes;
    private int _isTrimming;

    /// <summary>What all logs keep now, in bytes, approximately.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether the logs keep more than they may.</summary>
    public bool IsExceeded => Bytes > maxBytes;

    /// <summary>A log keeps more, or less, than it has reported before.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>
    /// Makes the fullest logs forget half of what they keep until an eighth of the budget is free again, so that this is rarely needed. One thread at
    /// a time; others return at once. The caller holds no room's lock.
    /// </summary>
    /// <param name="rooms">All rooms.</param>
    public void Trim(IEnumerable<Room> rooms)
    {
        if (Interlocked.Exchange(ref _isTrimming, 1) != 0)
            return;
        try
        {
            var fullest = new Queue<Room>(rooms.OrderByDescending(room => room.Log.Bytes));
            while (Bytes > maxBytes / 8 * 7 && fullest.Count > 0)
            {
                var room = fullest.Dequeue();
                if (room.TrimLog())
                    fullest.Enqueue(room);
            }
        }
        finally
        {
            Volatile.Write(ref _isTrimming, 0);
        }
    }
}
