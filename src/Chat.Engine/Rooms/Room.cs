using Chat.Events;

namespace Chat.Engine.Rooms;

/// <summary>A place: a log of what happened in it and the followers who read that log. All state is under one lock, held for a few lines.</summary>
/// <param name="name">The room's name.</param>
/// <param name="clock">The server's event clock.</param>
/// <param name="time">The server's wall clock.</param>
/// <param name="limits">The log's bounds.</param>
/// <param name="feed">
/// The log of the whole server, which observers follow; <see langword="null"/> for the feed itself. It is appended to under this
/// room's lock, so that it keeps each room's order; its own lock is always the inner one.
/// </param>
internal sealed class Room(string name, LogicalClock clock, TimeProvider time, LogLimits limits, Room? feed)
{
    /// <summary>So many lines are kept though all have read them: for those who are just leaving.</summary>
    private const int KeptLines = 256;

    /// <summary>After how many lines it is looked at again who has read what.</summary>
    private const int LinesBetweenLooks = 64;

    /// <summary>So many groups are served where the line was spoken; the rest of a large room by whatever processor is free, if there are several.</summary>
    internal static readonly int GroupsServedHere = Environment.ProcessorCount == 1 ? int.MaxValue : 8;

    private readonly object _lock = new();
    private readonly Audience _audience = new();
    private bool _closed;

    public string Name { get; } = name;

    public LineLog Log { get; } = new(limits.Capacity, limits.MaxBytes, limits.Budget);

    /// <summary>Whether anybody reads this room, as seen without the lock.</summary>
    public bool HasFollowers => _audience.Count > 0;

    /// <summary>Whether no round is under way or asked for, as seen without the lock.</summary>
    public bool IsAtRest => Array.TrueForAll(_audience.Groups, static group => group.IsIdle);

    /// <summary>How many people are in the room now.</summary>
    public int MemberCount
    {
        get
        {
            lock (_lock)
                return _audience.Members;
        }
    }

    /// <summary>The members' nicks as they are now, in alphabetical order.</summary>
    public IReadOnlyList<string> Nicks
    {
        get
        {
            string[] nicks;
            lock (_lock)
                nicks = [.. _audience.All.OfType<Member>().Select(member => member.Nick)];
            Array.Sort(nicks, StringComparer.OrdinalIgnoreCase);
            return nicks;
        }
    }

    /// <summary>Lets a person in: they read from their own <see cref="Joined"/> line on.</summary>
    /// <returns><see langword="false"/> when the room has closed; the caller takes a new one.</returns>
    public bool TryEnter(Member member)
    {
        FollowerGroup[] audience;
        lock (_lock)
        {
            if (_closed)
                return false;
            member.Cursor = Log.Tail;
            _audience.Add(member);
            audience = AppendLocked(new Joined(Name, member.Nick));
        }

        Wake(audience);
        return true;
    }

    /// <summary>Lets somebody read along unseen, from the next line on.</summary>
    /// <returns><see langword="null"/> when the room has closed; the caller takes a new one.</returns>
    public Follower? Follow(ILogReader reader)
    {
        lock (_lock)
        {
            if (_closed)
                return null;
            var follower = new Follower(this, reader, Log.Tail);
            _audience.Add(follower);
            return follower;
        }
    }

    /// <summary>Lets a person out.</summary>
    /// <param name="member">The person.</param>
    /// <param name="reason">Why, as the others see it; may be <see langword="null"/>.</param>
    /// <param name="readsOwnLeave">Whether the person still reads the line that says they left.</param>
    /// <returns>Whether the room is empty now and has closed for good.</returns>
    public bool Leave(Member member, string? reason, bool readsOwnLeave)
    {
        FollowerGroup[] audience;
        bool closed;
        lock (_lock)
        {
            // First, as readers take no lock: whoever sees the line knows whether it is for them.
            member.End = readsOwnLeave ? Log.Tail + 1 : Log.Tail;
            audience = AppendLocked(new Left(Name, member.Nick, reason));
            closed = Remove(member);
        }

        Wake(audience);

        // No more of the audience, but there may be something left to read.
        member.Reader.Wake();
        return closed;
    }

    /// <summary>Ends a follower's reading without a word to the others; what is there already is still read.</summary>
    /// <returns>Whether the room is empty now and has closed for good.</returns>
    public bool Unfollow(Follower follower)
    {
        lock (_lock)
        {
            follower.End = Math.Max(follower.Cursor, Log.Tail);
            return Remove(follower);
        }
    }

    public void Rename(Member member, string newNick)
    {
        FollowerGroup[] audience;
        lock (_lock)
        {
            audience = AppendLocked(new Renamed(Name, member.Nick, newNick));
            member.Nick = newNick;
        }

        Wake(audience);
    }

    /// <summary>Puts something at the end of the log.</summary>
    /// <returns>How many there are to read it; -1 when the room has closed: it is nowhere then.</returns>
    public int Append(RoomEvent roomEvent)
    {
        FollowerGroup[] audience;
        int count;
        lock (_lock)
        {
            if (_closed)
                return -1;
            audience = AppendLocked(roomEvent);
            count = _audience.Count;
        }

        Wake(audience);
        return count;
    }

    /// <summary>Makes the log forget the older half of what it keeps.</summary>
    /// <returns>Whether there is more that could be forgotten.</returns>
    public bool TrimLog()
    {
        lock (_lock)
            return !_closed && Log.Trim();
    }

    private void Wake(FollowerGroup[] audience)
    {
        // The appended line must be visible before it is looked at whether anybody is reading: see WorkCoalescer.
        Interlocked.MemoryBarrier();
        for (var index = 0; index < audience.Length; index++)
            audience[index].Wake(isLarge: index >= GroupsServedHere);
        if (feed is { HasFollowers: true })
            feed.Wake(feed._audience.Groups);
    }

    /// <summary>Puts something at the end of the feed, under the lock of the room where it happened; the feed's followers are woken when that is let go.</summary>
    private void AppendSilently(RoomEvent roomEvent)
    {
        lock (_lock)
            AppendLocked(roomEvent);
    }

    private static int CostOf(RoomEvent roomEvent)
    {
        const int Fixed = 128;
        return Fixed + roomEvent switch
        {
            Said said => said.Text.Length * 3,
            Emoted emoted => emoted.Text.Length * 3,
            Announced announced => announced.Text.Length * 3,
            Left { Reason: { } reason } => reason.Length * 3,
            IWeighed weighed => weighed.TextLength * 3,
            _ => 0,
        };
    }

    private FollowerGroup[] AppendLocked(RoomEvent roomEvent)
    {
        var timed = roomEvent.Time == default ? roomEvent with { Time = time.GetUtcNow() } : roomEvent;

        // The feed first: a plugin that is given up is interrupted where it waits for a lock, and then neither has the event.
        if (feed is { HasFollowers: true })
            feed.AppendSilently(timed);
        if (Log.Tail % LinesBetweenLooks == 0)
            Log.Forget(Math.Min(Log.Tail - KeptLines, _audience.Slowest));
        Log.Append(timed, clock.Next(), CostOf(roomEvent));
        return _audience.Groups;
    }

    private bool Remove(Follower follower)
    {
        _audience.Remove(follower);
        _closed = _audience.Count == 0 && feed is not null;
        if (_closed)
            Log.Close();
        return _closed;
    }
}
