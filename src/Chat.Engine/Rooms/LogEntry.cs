namespace Chat.Engine.Rooms;

/// <summary>One event with its place in a log.</summary>
internal sealed class LogEntry(long sequence, long stamp, int cost, ChatEvent chatEvent)
{
    /// <summary>The position in the log; one more than that of the line before it.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The position among all events of the server (<see cref="LogicalClock"/>).</summary>
    public long Stamp { get; } = stamp;

    /// <summary>The approximate size in bytes that counts against the log's limit.</summary>
    public int Cost { get; } = cost;

    public ChatEvent Event { get; } = chatEvent;
}
