namespace Chat.Engine.Rooms;

/// <summary>The log of everything that happens on the server, in each room's order. Two kinds of followers read it:
/// observers, who may be lapped, and recorders, who lose nothing.</summary>
/// <param name="clock">The server's logical clock.</param>
/// <param name="limits">The limits of the log.</param>
internal sealed class Feed(LogicalClock clock, LogLimits limits)
{
    private readonly object _lock = new();
    private Follower[] _followers = [];
    private Follower[] _recorders = [];
    private TaskCompletionSource<bool>? _room;

    public LineLog Log { get; } = new(limits.Capacity, limits.MaxBytes, limits.Budget);

    /// <summary>Whether anything reads the feed, as seen without the lock. Nothing is appended otherwise.</summary>
    public bool HasFollowers => Volatile.Read(ref _followers).Length > 0;

    /// <summary>Adds a follower, who reads from the next event on.</summary>
    public Follower Follow(ILogReader reader) => Add(reader, isRecorder: false);

    /// <summary>Adds a follower that is never lapped: the log keeps every event until it has been read, and
    /// <see cref="WhenRecordedAsync"/> slows the publishers down.</summary>
    public Follower Record(ILogReader reader) => Add(reader, isRecorder: true);

    public void Unfollow(Follower follower)
    {
        lock (_lock)
        {
            follower.End = Math.Max(follower.Cursor, Log.Tail);
            _followers = Array.FindAll(_followers, other => other != follower);
            _recorders = Array.FindAll(_recorders, other => other != follower);
        }

        Recorded();
    }

    /// <summary>Waits while a recorder is a full log behind. The caller must not hold a room's lock.</summary>
    public ValueTask WhenRecordedAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _recorders).Length == 0 || IsRecorded ? default : WaitAsync(cancellationToken);

    /// <summary>Lets the publishers go on if the recorders have caught up. Called by a recorder after it has moved its
    /// cursor.</summary>
    public void Recorded()
    {
        if (Volatile.Read(ref _room) is not null && IsRecorded)
            Interlocked.Exchange(ref _room, null)?.TrySetResult(true);
    }

    /// <summary>Appends an event and wakes the followers.</summary>
    /// <returns>The number of followers.</returns>
    public int Append(RoomEvent roomEvent)
    {
        AppendSilently(roomEvent);
        return Wake();
    }

    /// <summary>Appends an event, under the lock of its room, so that it keeps the room's order. This lock is always
    /// the inner one. The followers are woken after the room's lock is released.</summary>
    public void AppendSilently(RoomEvent roomEvent)
    {
        lock (_lock)
        {
            Log.Keep(_recorders.Length == 0 ? long.MaxValue : Slowest(_recorders));
            Log.Append(roomEvent, clock.Next(), LogEntry.CostOf(roomEvent));
        }
    }

    /// <summary>Wakes the followers.</summary>
    /// <returns>Their number.</returns>
    public int Wake()
    {
        Interlocked.MemoryBarrier();
        var followers = Volatile.Read(ref _followers);
        foreach (var follower in followers)
            follower.Reader.Wake();
        return followers.Length;
    }

    /// <summary>Makes the log forget the older half of its lines.</summary>
    /// <returns>Whether more could be forgotten.</returns>
    public bool TrimLog()
    {
        lock (_lock)
            return Log.Trim();
    }

    private bool IsRecorded => Log.Tail - Slowest(Volatile.Read(ref _recorders)) < limits.Capacity;

    private static long Slowest(Follower[] followers)
    {
        var slowest = long.MaxValue;
        foreach (var follower in followers)
            slowest = Math.Min(slowest, follower.Cursor);
        return slowest;
    }

    private Follower Add(ILogReader reader, bool isRecorder)
    {
        lock (_lock)
        {
            var follower = new Follower(Log, reader, Log.Tail);
            Volatile.Write(ref _followers, [.. _followers, follower]);
            if (isRecorder)
                Volatile.Write(ref _recorders, [.. _recorders, follower]);
            return follower;
        }
    }

    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (!IsRecorded)
        {
            var fresh = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            var room = Interlocked.CompareExchange(ref _room, fresh, null) ?? fresh;

            // A recorder that moved before the exchange has not seen the wish.
            Recorded();
            await room.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
