namespace Chat.Engine.Rooms;

/// <summary>An append-only log that keeps its newest entries in a ring. It does not know its readers; each reader holds
/// the sequence number it wants next and asks for it. One writer at a time (the owner's lock), any number of readers
/// without a lock.</summary>
/// <param name="capacity">The most lines to keep; a power of two.</param>
/// <param name="maxBytes">The most bytes to keep, approximately; the newest line is always kept.</param>
/// <param name="budget">The budget to which the log reports its size.</param>
/// <param name="first">The sequence of the first line.</param>
internal sealed class LineLog(int capacity, long maxBytes, LogBudget budget, long first = 0)
{
    private const int FirstSize = 16;

    /// <summary>Smaller changes, in bytes, are not reported, because all writers of the server share the
    /// budget.</summary>
    private const long ReportedStep = 16 * 1024;

    // The writer publishes in this order: ring, entry, tail. Readers read in reverse: tail, ring, entry.
    private LogEntry?[] _ring = new LogEntry?[Math.Min(FirstSize, capacity)];
    private long _head = first;
    private long _tail = first;
    private long _kept = long.MaxValue;
    private long _bytes;
    private long _reported;
    private EncodedLog? _encoded;

    /// <summary>The oldest sequence still kept; equal to <see cref="Tail"/> if the log is empty.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>The sequence the next line will get.</summary>
    public long Tail => Volatile.Read(ref _tail);

    /// <summary>The approximate size of the kept lines in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds an event at the tail. One caller at a time.</summary>
    public void Append(ChatEvent chatEvent, long stamp, int cost)
    {
        var kept = _tail - _head;
        if (kept == _ring.Length)
        {
            if (_ring.Length < capacity || !CanForget)
                Grow();
            else
                Forget();
        }

        _bytes += cost;
        Volatile.Write(ref _ring[_tail & (_ring.Length - 1)], new LogEntry(_tail, stamp, cost, chatEvent));
        Volatile.Write(ref _tail, _tail + 1);
        while (_bytes > maxBytes && _tail - _head > 1 && CanForget)
            Forget();
        if (Math.Abs(_bytes - _reported) >= ReportedStep)
            Report(_bytes);
    }

    /// <summary>Forgets the older half of the kept bytes. Called by the writer.</summary>
    /// <returns>Whether more could be forgotten; the newest line is always kept.</returns>
    public bool Trim()
    {
        var bytes = _bytes / 2;
        while (_bytes > bytes && _tail - _head > 1 && CanForget)
            Forget();
        Report(_bytes);
        return _tail - _head > 1 && CanForget;
    }

    /// <summary>Removes the log from the budget after the last write. Called by the writer.</summary>
    public void Close() => Report(0);

    /// <summary>Forgets lines that are no longer needed. Called by the writer.</summary>
    /// <param name="sequence">The first line to keep.</param>
    public void Forget(long sequence)
    {
        while (_head < sequence && _head < _tail && CanForget)
            Forget();
    }

    /// <summary>Keeps lines whatever the limits of the log are. Called by the writer.</summary>
    /// <param name="sequence">The first line to keep; <see cref="long.MaxValue"/> for none.</param>
    public void Keep(long sequence) => _kept = sequence;

    /// <summary>Looks up one sequence.</summary>
    /// <returns><see langword="true"/> with the entry, or with <see langword="null"/> if the line has not been written
    /// yet; <see langword="false"/> if the reader was lapped: the line is gone, and reading continues at
    /// <see cref="Head"/>.</returns>
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

            // Overwritten or forgotten since Head was read, or the ring grew since it was read. Try again.
        }

        return true;
    }

    /// <summary>Returns the log in a dialect. Safe from any thread.</summary>
    public EncodedLog As(IEventEncoder encoder)
    {
        ref var next = ref _encoded;
        while (true)
        {
            var known = Volatile.Read(ref next)
                ?? Interlocked.CompareExchange(ref next, new EncodedLog(this, encoder), null)
                ?? next!;
            if (ReferenceEquals(known.Encoder, encoder))
                return known;
            next = ref known.Next;
        }
    }

    private bool CanForget => _head < _kept;

    private void Grow()
    {
        var larger = new LogEntry?[_ring.Length * 2];
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
