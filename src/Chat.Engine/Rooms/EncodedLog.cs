using Chat.Engine.Protocols;
using Chat.Protocols;

namespace Chat.Engine.Rooms;

/// <summary>
/// A log as one protocol writes it: the bytes of its lines, end to end, from which every reader of that protocol sends. The first
/// reader that comes for a line encodes it; bytes once written never change, and go when the log has forgotten their lines. Any
/// number of readers without a lock.
/// </summary>
internal sealed class EncodedLog(LineLog log, IChatProtocol protocol)
{
    private readonly object _lock = new();

    // Without gaps, but for lines that the log forgot before anybody came for them.
    private EncodedBlock[] _blocks = [];
    private long _tail = log.Head;
    private EncodedLog? _next;

    public IChatProtocol Protocol { get; } = protocol;

    /// <summary>The log in the next protocol, in the order in which somebody asked.</summary>
    public ref EncodedLog? Next => ref _next;

    /// <summary>Reads lines that stand together.</summary>
    /// <param name="from">The first line's sequence.</param>
    /// <param name="to">Where to stop: a sequence the log has already, beyond <paramref name="from"/>.</param>
    /// <param name="lines">How many lines there are in the answer: 1 or more, or 0 when the log has forgotten the first one.</param>
    /// <returns>Their bytes, shared with all readers and not to be changed.</returns>
    public ReadOnlyMemory<byte> Read(long from, long to, out int lines)
    {
        if (Volatile.Read(ref _tail) < to)
            Encode();
        var blocks = Volatile.Read(ref _blocks);
        for (var index = blocks.Length - 1; index >= 0; index--)
        {
            if (blocks[index].First <= from)
                return blocks[index].Read(from, to, out lines);
        }

        lines = 0;
        return default;
    }

    private void Encode()
    {
        lock (_lock)
        {
            using var line = new ByteBuffer();
            var end = log.Tail;
            while (_tail < end)
            {
                if (!log.TryRead(_tail, out var entry))
                {
                    // Forgotten: what comes next does not follow on what is there.
                    Volatile.Write(ref _tail, log.Head);
                    continue;
                }

                Protocol.Write(entry!.Event, line);
                Append(line.Written.Span);
                line.Clear();
                Volatile.Write(ref _tail, _tail + 1);
            }
        }
    }

    private void Append(ReadOnlySpan<byte> line)
    {
        var last = _blocks.Length == 0 ? null : _blocks[_blocks.Length - 1];
        if (last is not null && last.TryAppend(_tail, line))
            return;
        var next = EncodedBlock.After(last, _tail, line.Length);
        next.TryAppend(_tail, line);
        var head = log.Head;
        Volatile.Write(ref _blocks, [.. _blocks.Where(block => block.End > head), next]);
    }
}
