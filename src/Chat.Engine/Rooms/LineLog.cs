using Chat.Events;
using Chat.Protocols;

namespace Chat.Engine.Rooms;

/// <summary>
/// An append-only log of which the newest part is kept: a ring of entries. It does not know its readers; a reader holds the
/// sequence number it wants next and asks for it. One writer at a time (the owner's lock), any number of readers without a lock.
/// </summary>
/// <param name="capacity">How many lines to keep at most; a power of two.</param>
/// <param name="maxBytes">How many bytes to keep at most, approximately; the newest line is always kept.</param>
/// <param name="budget">Is told how much the log keeps.</param>
internal sealed class LineLog(int capacity, long maxBytes, LogBudget budget)
{
    private const int FirstSize = 16;

    /// <summary>A change of fewer bytes is not reported: all writers of the server share the budget.</summary>
    private const long ReportedStep = 16 * 1024;

    // Published in this order by the writer: ring, entry, tail. Readers look the other way round: tail, ring, entry.
    private LogEntry?[] _ring = new LogEntry?[Math.Min(FirstSize, capacity)];
    private long _head;
    private long _tail;
    private long _bytes;
    private long _reported;
    private EncodedLog? _encoded;

    /// <summary>The oldest sequence still kept; equal to <see cref="Tail"/> when nothing is.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>The sequence the next line will get.</summary>
    public long Tail => Volatile.Read(ref _tail);

    /// <summary>What the log keeps, in bytes, approximately.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds an event at the tail. One caller at a time.</summary>
    public void Append(ChatEvent chatEvent, long stamp, int cost)
    {
        var kept = _tail - _head;
        if (kept == _ring.Length)
        {
            if (_ring.Length < capacity)
                Grow();
            else
                Forget();
        }

        _bytes += cost;
        Volatile.Write(ref _ring[_tail & (_ring.Length - 1)], new LogEntry(_tail, stamp, cost, chatEvent));
        Volatile.Write(ref _tail, _tail + 1);
        while (_bytes > maxBytes && _tail - _head > 1)
            Forget();
        if (Math.Abs(_bytes - _reported) >= ReportedStep)
            Report(_bytes);
    }

    /// <summary>Forgets the older half of what it keeps. Called by the writer.</summary>
    /// <returns>Whether there is more that could be forgotten: the newest line is always kept.</returns>
    public bool Trim()
    {
        var bytes = _bytes / 2;
        while (_bytes > bytes && _tail - _head > 1)
            Forget();
        Report(_bytes);
        return _tail - _head > 1;
    }

    /// <summary>The log is not written to any more, and counts for nothing. Called by the writer.</summary>
    public void Close() => Report(0);

    /// <summary>Lets go of lines that nobody needs any more. Called by the writer.</summary>
    /// <param name="sequence">The first to keep.</param>
    public void Forget(long sequence)
    {
        while (_head < sequence && _head < _tail)
            Forget();
    }

    /// <summary>Looks up one sequence.</summary>
    /// <returns>
    /// <see langword="true"/> with the entry; or with <see langword="null"/> when that line is not there yet;
    /// <see langword="false"/> when the reader has been lapped: the line is gone, and <see cref="Head"/> is where to go on.
    /// </returns>
    public bool TryRead(long sequence, out LogEntry? entry)
    {
        entry = null;
        while (sequence < Tail)
        {
            if (sequence < Head)
                return false;
            var ring = Volatile.Read(ref _ring);
            var found = Volatile.Read(ref ring[sequence & (ring.Length - 1)]);
            if (found is not null && found.Sequence == sequence)
            {
                entry = found;
                return true;
            }

            // Overwritten or forgotten since Head was read; or the ring grew since it was read. Look again.
        }

        return true;
    }

    /// <summary>The log's lines as bytes. Safe from any thread.</summary>
    public EncodedLog As(IChatProtocol protocol)
    {
        ref var next = ref _encoded;
        while (true)
        {
            var known = Volatile.Read(ref next) ?? Interlocked.CompareExchange(ref next, new EncodedLog(this, protocol), null) ?? next!;
            if (ReferenceEquals(known.Protocol, protocol))
                return known;
            next = ref known.Next;
        }
    }

    private void Grow()
    {
        var larger = new LogEntry?[Math.Min(_ring.Length * 2, capacity)];
        for (var sequence = _head; sequence < _tail; sequence++)
            larger[sequence & (larger.Length - 1)] = _ring[sequence & (_ring.Length - 1)];
        Volatile.Write(ref _ring, larger);
    }

    private void Report(long bytes)
    {
        budget.Add(bytes - _reported);
        _reported = bytes;
    }

    private void Forget()
    {
        ref var oldest = ref _ring[_head & (_ring.Length - 1)];
        _bytes -= oldest!.Cost;
        Volatile.Write(ref _head, _head + 1);
        oldest = null;
    }
}
