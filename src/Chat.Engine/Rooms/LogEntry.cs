using Chat.Engine.Protocols;
using Chat.Events;
using Chat.Protocols;

namespace Chat.Engine.Rooms;

/// <summary>One event with its place in a log, and its bytes in each protocol somebody has asked for.</summary>
internal sealed class LogEntry(long sequence, long stamp, int cost, ChatEvent chatEvent)
{
    private EncodedLine? _encoded;

    /// <summary>The place in the log: 0, 1, 2 …</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The place among everything that happens in the server (<see cref="EventClock"/>).</summary>
    public long Stamp { get; } = stamp;

    /// <summary>What it counts for against the log's size limit, in bytes, roughly.</summary>
    public int Cost { get; } = cost;

    public ChatEvent Event { get; } = chatEvent;

    /// <summary>
    /// The event's bytes. The first reader of a protocol encodes; the rest share. Two readers that come at the same instant may
    /// both encode, and one result is kept.
    /// </summary>
    public byte[] Encode(IChatProtocol protocol)
    {
        var first = Volatile.Read(ref _encoded);
        for (var known = first; known is not null; known = known.Next)
        {
            if (ReferenceEquals(known.Protocol, protocol))
                return known.Bytes;
        }

        using var buffer = new ByteBuffer();
        protocol.Write(Event, buffer);
        var mine = new EncodedLine(protocol, buffer.Written.ToArray(), first);
        return ReferenceEquals(Interlocked.CompareExchange(ref _encoded, mine, first), first) ? mine.Bytes : Encode(protocol);
    }

    private sealed class EncodedLine(IChatProtocol protocol, byte[] bytes, EncodedLine? next)
    {
        public IChatProtocol Protocol { get; } = protocol;
        public byte[] Bytes { get; } = bytes;
        public EncodedLine? Next { get; } = next;
    }
}
