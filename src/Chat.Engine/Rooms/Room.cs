namespace Chat.Engine.Rooms;

/// <summary>A room: a log of its events and the followers that read the log. All state is under one lock, held for a
/// few lines.</summary>
/// <param name="name">The room's name.</param>
/// <param name="clock">The server's logical clock.</param>
/// <param name="time">The server's wall clock.</param>
/// <param name="limits">The limits of the log.</param>
/// <param name="feed">The log of the whole server. Appended to under this room's lock, so that it keeps each room's
/// order; its own lock is always the inner one.</param>
internal sealed class Room(string name, LogicalClock clock, TimeProvider time, LogLimits limits, Feed feed)
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
    private Dictionary<string, Sender>? _elsewhere;
    private bool _closed;

    public string Name { get; } = name;

    // Later than the last line of any room of this name: each line has taken at least one number of the clock.
    public LineLog Log { get; } = new(limits.Capacity, limits.MaxBytes, limits.Budget, clock.Now);

    /// <summary>Whether the room has followers, as seen without the lock.</summary>
    public bool HasFollowers => _audience.Count > 0;

    /// <summary>Whether no round is running or requested, as seen without the lock.</summary>
    public bool IsAtRest => Array.TrueForAll(_audience.Groups, static group => group.IsIdle);

    /// <summary>The current number of members, on all servers.</summary>
    public int MemberCount
    {
        get
        {
            lock (_lock)
                return _audience.Members + (_elsewhere?.Count ?? 0);
        }
    }

    /// <summary>The current nicks of the members on all servers, in alphabetical order.</summary>
    public IReadOnlyList<string> Nicks
    {
        get
        {
            List<Sender> members;
            lock (_lock)
            {
                members = [.. _audience.All.OfType<Member>().Select(member => member.Sender)];
                if (_elsewhere is not null)
                    members.AddRange(_elsewhere.Values);
            }

            return [.. members.Select(member => member.Nick).OrderBy(nick => nick, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>Adds a member, who reads from the line that reports it on.</summary>
    /// <param name="member">The member; <see langword="null"/> for one of another server.</param>
    /// <param name="joined">The event.</param>
    /// <returns><see langword="false"/> if the room has closed; the caller opens a new one.</returns>
    public bool TryEnter(Member? member, Joined joined)
    {
        FollowerGroup[] audience;
        lock (_lock)
        {
            if (_closed)
                return false;
            if (member is null)
            {
                (_elsewhere ??= [])[joined.Sender.SessionId] = joined.Sender;
            }
            else
            {
                member.Cursor = Log.Tail;
                _audience.Add(member);
            }

            audience = AppendLocked(joined);
        }

        Wake(audience);
        return true;
    }

    /// <summary>Adds a follower that the members do not see. It reads from the next line on.</summary>
    /// <returns>The follower; <see langword="null"/> if the room has closed and the caller must open a new
    /// one.</returns>
    public RoomFollower? Follow(ILogReader reader)
    {
        lock (_lock)
        {
            if (_closed)
                return null;
            var follower = new RoomFollower(this, reader, Log.Tail);
            _audience.Add(follower);
            return follower;
        }
    }

    /// <summary>Removes a member.</summary>
    /// <param name="member">The member; <see langword="null"/> for one of another server.</param>
    /// <param name="left">The event.</param>
    /// <param name="readsOwnLeave">Whether the member still reads the event.</param>
    /// <returns>Whether the room is empty now and has closed for good.</returns>
    public bool Leave(Member? member, Left left, bool readsOwnLeave)
    {
        FollowerGroup[] audience;
        bool closed;
        lock (_lock)
        {
            // A member who never came in has nothing to leave.
            if (member is null && _elsewhere?.Remove(left.Sender.SessionId) != true)
                return CloseIfEmpty();

            // Set first, because readers take no lock: a reader that sees the line knows whether it may read it.
            if (member is not null)
                member.End = readsOwnLeave ? Log.Tail + 1 : Log.Tail;
            audience = AppendLocked(left);
            if (member is not null)
                _audience.Remove(member);
            closed = CloseIfEmpty();
        }

        Wake(audience);

        // The member has left the audience, but may have lines left to read.
        member?.Reader.Wake();
        return closed;
    }

    /// <summary>Removes a follower without telling the others. It still reads the lines that are already
    /// there.</summary>
    /// <returns>Whether the room is empty now and has closed for good.</returns>
    public bool Unfollow(RoomFollower follower)
    {
        lock (_lock)
        {
            follower.End = Math.Max(follower.Cursor, Log.Tail);
            _audience.Remove(follower);
            return CloseIfEmpty();
        }
    }

    /// <summary>Changes a member's nick.</summary>
    /// <param name="member">The member; <see langword="null"/> for one of another server.</param>
    /// <param name="renamed">The event.</param>
    public void Rename(Member? member, Renamed renamed)
    {
        var sender = renamed.Sender with { Nick = renamed.NewNick };
        FollowerGroup[] audience;
        lock (_lock)
        {
            if (member is null && _elsewhere?.ContainsKey(sender.SessionId) != true)
                return;
            audience = AppendLocked(renamed);
            if (member is null)
                _elsewhere![sender.SessionId] = sender;
            else
                member.Sender = sender;
        }

        Wake(audience);
    }

    /// <summary>Appends an event to the log.</summary>
    /// <returns><see langword="false"/> if the room has closed, in which case the event is not appended.</returns>
    public bool TryAppend(RoomEvent roomEvent)
    {
        FollowerGroup[] audience;
        lock (_lock)
        {
            if (_closed)
                return false;
            audience = AppendLocked(roomEvent);
        }

        Wake(audience);
        return true;
    }

    /// <summary>Closes the room if nobody is in it.</summary>
    /// <returns>Whether it is closed.</returns>
    public bool TryClose()
    {
        lock (_lock)
            return CloseIfEmpty();
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
        if (feed.HasFollowers)
            feed.Wake();
    }

    private FollowerGroup[] AppendLocked(RoomEvent roomEvent)
    {
        var timed = roomEvent.Time == default ? roomEvent with { Time = time.GetUtcNow() } : roomEvent;
        timed = timed.At(clock.Epoch, Log.Tail);

        // The feed first: an abandoned plugin is interrupted while it waits for a lock, and then neither log has the
        // event.
        if (feed.HasFollowers)
            feed.AppendSilently(timed);
        if (Log.Tail % LinesBetweenLooks == 0)
            Log.Forget(Math.Min(Log.Tail - KeptLines, _audience.Slowest));
        Log.Append(timed, clock.Next(), LogEntry.CostOf(roomEvent));
        return _audience.Groups;
    }

    private bool CloseIfEmpty()
    {
        if (!_closed && _audience.Count == 0 && _elsewhere is not { Count: > 0 })
        {
            _closed = true;
            Log.Close();
        }

        return _closed;
    }
}
