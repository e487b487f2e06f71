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

    /// <summary>Returns the approximate size of an event in bytes, in memory and encoded.</summary>
    public static int CostOf(RoomEvent roomEvent)
    {
        const int Fixed = 128;
        return Fixed + roomEvent switch
        {
            Said said => said.Text.Length * 3,
            Announced announced => announced.Text.Length * 3,
            Left { Reason: { } reason } => reason.Length * 3,
            IWeighed weighed => weighed.TextLength * 3,
            _ => 0,
        };
    }
}
