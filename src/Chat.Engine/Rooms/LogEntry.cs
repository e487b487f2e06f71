using Chat.Events;

namespace Chat.Engine.Rooms;

/// <summary>One event with its place in a log.</summary>
internal sealed class LogEntry(long sequence, long stamp, int cost, ChatEvent chatEvent)
{
    /// <summary>The place in the log: 0, 1, 2 …</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The place among everything that happens in the server (<see cref="LogicalClock"/>).</summary>
    public long Stamp { get; } = stamp;

    /// <summary>What it counts for against the log's size limit, in bytes, roughly.</summary>
    public int Cost { get; } = cost;

    public ChatEvent Event { get; } = chatEvent;
}
