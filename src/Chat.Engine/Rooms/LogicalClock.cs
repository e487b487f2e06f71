namespace Chat.Engine.Rooms;

/// <summary>
/// Counts what happens in one server. Whoever appends to a room's log or to an inbox takes the next number, so a reader of
/// several of them can put a reply after the line it answers (a logical clock: Lamport, CACM 21(7), 1978).
/// </summary>
internal sealed class LogicalClock
{
    private long _now;

    public long Now => Volatile.Read(ref _now);

    public long Next() => Interlocked.Increment(ref _now);
}
