namespace Chat.Engine.Rooms;

/// <summary>Somebody who reads a room: a cursor and who moves it.</summary>
internal class Follower(Room room, ILogReader reader, long cursor)
{
    /// <summary>The cursor of somebody who is not in the room yet: there is nothing to read there.</summary>
    public const long NotYet = long.MaxValue - 1;

    private long _cursor = cursor;
    private long _end = long.MaxValue;

    public Room Room { get; } = room;

    public ILogReader Reader { get; } = reader;

    /// <summary>Whom it is served with; set by the room, under its lock.</summary>
    public FollowerGroup? Group { get; set; }

    /// <summary>The sequence to read next. Belongs to the reader, once the room has let them in.</summary>
    public long Cursor
    {
        get => Volatile.Read(ref _cursor);
        set => Volatile.Write(ref _cursor, value);
    }

    /// <summary>Where the reader stops: set when it leaves the room, before the line that says so. Looked at after the log, so that none is read beyond it.</summary>
    public long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>Whether the reader has left and has read all it may.</summary>
    public bool IsDone => Cursor >= End;

    /// <summary>How many lines there are to read.</summary>
    public long Lag => Reach - Cursor;

    /// <summary>How far there is something to read, for now.</summary>
    public long Reach => Math.Min(Room.Log.Tail, End);

    /// <summary>The next line, or <see langword="null"/> when there is none yet.</summary>
    /// <param name="latest">Lines with a later stamp are not there yet.</param>
    /// <param name="lapped">The line is gone: the reader must <see cref="Skip"/>.</param>
    public LogEntry? Peek(long latest, out bool lapped)
    {
        lapped = !Room.Log.TryRead(Cursor, out var entry);
        if (IsDone)
        {
            lapped = false;
            return null;
        }

        return entry is not null && entry.Stamp <= latest ? entry : null;
    }

    /// <summary>Moves the cursor past everything there is.</summary>
    /// <returns>How many lines were passed over.</returns>
    public long Skip()
    {
        var skipped = Lag;
        Cursor += skipped;
        return skipped;
    }
}
