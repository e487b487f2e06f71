namespace Chat.Engine.Rooms;

/// <summary>Numbers all events of one server. Every append to a room's log or to an inbox takes the next number, so a
/// reader of several logs can put a reply after the line it answers (a logical clock: Lamport, CACM 21(7),
/// 1978).</summary>
internal sealed class LogicalClock(long epoch = 0)
{
    /// <summary>The life of the server whose events are numbered; see <see cref="RoomEvent.Epoch"/>.</summary>
    public long Epoch { get; } = epoch;

    private long _now;

    public long Now => Volatile.Read(ref _now);

    public long Next() => Interlocked.Increment(ref _now);
}
