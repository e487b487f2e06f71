namespace Chat.Engine.Rooms;

/// <summary>Numbers all events of one server. Every append to a room's log or to an inbox takes the next number, so a
/// reader of several logs can put a reply after the line it answers (a logical clock: Lamport, CACM 21(7),
/// 1978).</summary>
internal sealed class LogicalClock
{
    private long _now;

    public long Now => Volatile.Read(ref _now);

    public long Next() => Interlocked.Increment(ref _now);
}
