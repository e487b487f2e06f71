namespace Chat.Engine.Rooms;

/// <summary>A room: a log of its events and the followers that read the log. All state is under one lock, held for a
/// few lines.</summary>
/// <param name="name">The room's name.</param>
/// <param name="clock">The server's logical clock.</param>
/// <param name="time">The server's wall clock.</param>
/// <param name="limits">The limits of the log.</param>
/// <param name="feed">The log of the whole server, which observers follow; <see langword="null"/> for the feed itself.
/// Appended to under this room's lock, so that it keeps each room's order; its own lock is always the inner
/// one.</param>
internal sealed class Room(string name, LogicalClock clock, TimeProvider time, LogLimits limits, Room? feed)
{
    /// <summary>The number of lines kept although all have read them, for followers that are just leaving.</summary>
    private const int KeptLines = 256;

    /// <summary>The number of lines after which the slowest reader is determined again.</summary>
    private const int LinesBetweenLooks = 64;

    /// <summary>The number of groups served on the thread that appends the line; any free processor serves the
    /// remaining groups of a large room. Unlimited on a single processor.</summary>
    internal static readonly int GroupsServedHere = Environment.ProcessorCount == 1 ? int.MaxValue : 8;

    private readonly object _lock = new();
    private readonly Audience _audience = new();
    private bool _closed;

    public string Name { get; } = name;

    // Later than the last line of any room of this name: each line has taken at least one number of the clock.
    public LineLog Log { get; } = new(limits.Capacity, limits.MaxBytes, limits.Budget, clock.Now);

    /// <summary>Whether the room has followers, as seen without the lock.</summary>
    public bool HasFollowers => _audience.Count > 0;

    /// <summary>Whether no round is running or requested, as seen without the lock.</summary>
    public bool IsAtRest => Array.TrueForAll(_audience.Groups, static group => group.IsIdle);

    /// <summary>The current number of members.</summary>
    public int MemberCount
    {
        get
        {
            lock (_lock)
                return _audience.Members;
        }
    }

    /// <summary>The members' current nicks in alphabetical order.</summary>
    public IReadOnlyList<string> Nicks
    {
        get
        {
            string[] nicks;
            lock (_lock)
                nicks = [.. _audience.All.OfType<Member>().Select(member => member.Sender.Nick)];
            Array.Sort(nicks, StringComparer.OrdinalIgnoreCase);
            return nicks;
        }
    }

    /// <summary>Adds a member, who reads from their own <see cref="Joined"/> line on.</summary>
    /// <returns><see langword="false"/> if the room has closed; the caller opens a new one.</returns>
    public bool TryEnter(Member member)
    {
        FollowerGroup[] audience;
        lock (_lock)
        {
            if (_closed)
                return false;
            member.Cursor = Log.Tail;
            _audience.Add(member);
            audience = AppendLocked(new Joined(Name, member.Sender));
        }

        Wake(audience);
        return true;
    }

    /// <summary>Adds a follower that the members do not see. It reads from the next line on.</summary>
    /// <returns>The follower; <see langword="null"/> if the room has closed and the caller must open a new
    /// one.</returns>
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

    /// <summary>Removes a member.</summary>
    /// <param name="member">The member.</param>
    /// <param name="reason">The reason shown to the others; may be <see langword="null"/>.</param>
    /// <param name="readsOwnLeave">Whether the member still reads the line that reports their leave.</param>
    /// <returns>Whether the room is empty now and has closed for good.</returns>
    public bool Leave(Member member, string? reason, bool readsOwnLeave)
    {
        FollowerGroup[] audience;
        bool closed;
        lock (_lock)
        {
            // Set first, because readers take no lock: a reader that sees the line knows whether it may read it.
            member.End = readsOwnLeave ? Log.Tail + 1 : Log.Tail;
            audience = AppendLocked(new Left(Name, member.Sender, reason));
            closed = Remove(member);
        }

        Wake(audience);

        // The member has left the audience, but may have lines left to read.
        member.Reader.Wake();
        return closed;
    }

    /// <summary>Removes a follower without telling the others. It still reads the lines that are already
    /// there.</summary>
    /// <returns>Whether the room is empty now and has closed for good.</returns>
    public bool Unfollow(Follower follower)
    {
        lock (_lock)
        {
            follower.End = Math.Max(follower.Cursor, Log.Tail);
            return Remove(follower);
        }
    }

    public void Rename(Member member, Sender renamed)
    {
        FollowerGroup[] audience;
        lock (_lock)
        {
            audience = AppendLocked(new Renamed(Name, member.Sender, renamed.Nick));
            member.Sender = renamed;
        }

        Wake(audience);
    }

    /// <summary>Closes the room if it has no followers.</summary>
    /// <returns>Whether it is closed.</returns>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_audience.Count == 0 && !_closed)
            {
                _closed = true;
                Log.Close();
            }

            return _closed;
        }
    }

    /// <summary>Appends an event to the log.</summary>
    /// <returns>The number of followers; -1 if the room has closed, in which case the event is not appended.</returns>
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

    /// <summary>Makes the log forget the older half of its lines.</summary>
    /// <returns>Whether more could be forgotten.</returns>
    public bool TrimLog()
    {
        lock (_lock)
            return !_closed && Log.Trim();
    }

    private void Wake(FollowerGroup[] audience)
    {
        // The line must be visible before the check whether a reader is active; see WorkCoalescer.
        Interlocked.MemoryBarrier();
        for (var index = 0; index < audience.Length; index++)
            audience[index].Wake(isLarge: index >= GroupsServedHere);
        if (feed is { HasFollowers: true })
            feed.Wake(feed._audience.Groups);
    }

    /// <summary>Appends an event to the feed, under the lock of the event's room. The feed's followers are woken after
    /// that lock is released.</summary>
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
            Announced announced => announced.Text.Length * 3,
            Left { Reason: { } reason } => reason.Length * 3,
            IWeighed weighed => weighed.TextLength * 3,
            _ => 0,
        };
    }

    private FollowerGroup[] AppendLocked(RoomEvent roomEvent)
    {
        var timed = roomEvent.Time == default ? roomEvent with { Time = time.GetUtcNow() } : roomEvent;
        if (feed is not null)
            timed = timed.At(clock.Epoch, Log.Tail);

        // The feed first: an abandoned plugin is interrupted while it waits for a lock, and then neither log has the
        // event.
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
