namespace Chat.Engine.Rooms;

/// <summary>A log in one dialect: the bytes of its lines, end to end, which all readers of that dialect send.
/// The first reader of a line encodes it. Written bytes never change and are released after the log forgets their
/// lines. Any number of readers without a lock.</summary>
internal sealed class EncodedLog(LineLog log, IEventEncoder encoder)
{
    private readonly object _lock = new();

    // Without gaps, except for lines that the log forgot before anyone read them.
    private EncodedBlock[] _blocks = [];
    private long _tail = log.Head;
    private EncodedLog? _next;

    public IEventEncoder Encoder { get; } = encoder;

    /// <summary>The log in the next dialect, in the order of first use.</summary>
    public ref EncodedLog? Next => ref _next;

    /// <summary>Reads consecutive lines.</summary>
    /// <param name="from">The sequence of the first line.</param>
    /// <param name="to">The sequence to stop before: greater than <paramref name="from"/>, at most the log's
    /// tail.</param>
    /// <param name="lines">The number of lines returned: at least 1, or 0 if the log has forgotten the first
    /// one.</param>
    /// <returns>The encoded lines, shared with all readers; must not be modified.</returns>
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
                    // Forgotten: the next line does not follow the last one here.
                    Volatile.Write(ref _tail, log.Head);
                    continue;
                }

                Encoder.Write(entry!.Event, line);
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
