namespace Chat.Engine.Rooms;

/// <summary>A reader of a log and its cursor.</summary>
internal class Follower(LineLog log, ILogReader reader, long cursor)
{
    private long _cursor = cursor;
    private long _end = long.MaxValue;

    public LineLog Log { get; } = log;
    public ILogReader Reader { get; } = reader;

    /// <summary>The sequence to read next. Changed only by the reader once it has entered the room.</summary>
    public long Cursor
    {
        get => Volatile.Read(ref _cursor);
        set => Volatile.Write(ref _cursor, value);
    }

    /// <summary>The sequence at which the reader stops. Set when the follower leaves, before the line that reports it
    /// is appended. Read after the log, so that no line beyond it is read.</summary>
    public long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>Whether the reader has left and has read all its lines.</summary>
    public bool IsDone => Cursor >= End;

    /// <summary>The number of unread lines.</summary>
    public long Lag => Reach - Cursor;

    /// <summary>The sequence before which lines can be read now.</summary>
    public long Reach => Math.Min(Log.Tail, End);

    /// <summary>Returns the next line, or <see langword="null"/> if there is none yet.</summary>
    /// <param name="latest">The latest stamp to return; lines with a later stamp count as not there yet.</param>
    /// <param name="lapped">Whether the line is gone and the reader must call <see cref="Skip"/>.</param>
    public LogEntry? Peek(long latest, out bool lapped)
    {
        lapped = !Log.TryRead(Cursor, out var entry);
        if (IsDone)
        {
            lapped = false;
            return null;
        }

        return entry is not null && entry.Stamp <= latest ? entry : null;
    }

    /// <summary>Moves the cursor past all available lines.</summary>
    /// <returns>The number of skipped lines.</returns>
    public long Skip()
    {
        var skipped = Lag;
        Cursor += skipped;
        return skipped;
    }
}
