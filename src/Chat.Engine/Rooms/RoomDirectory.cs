using System.Collections.Concurrent;

namespace Chat.Engine.Rooms;

/// <summary>The rooms that have followers or members. A room is created for the first of them and removed with the
/// last. Names ignore case.</summary>
internal sealed class RoomDirectory(LogicalClock clock, TimeProvider time, LogLimits limits)
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The events of all rooms in one log, for observers and recorders.</summary>
    public Feed Feed { get; } = new(clock, limits);

    /// <summary>All rooms, in alphabetical order.</summary>
    public IReadOnlyList<Room> All =>
        [.. _rooms.Values.OrderBy(room => room.Name, StringComparer.OrdinalIgnoreCase)];

    public Room? Find(string name) => _rooms.TryGetValue(name, out var room) ? room : null;

    /// <summary>Creates a member who is not in the room yet; <see cref="TryEnter"/> adds them.</summary>
    public Member PrepareJoin(string name, Sender sender, ILogReader reader) => new(Open(name), reader, sender);

    /// <summary>Adds a member created by <see cref="PrepareJoin"/>.</summary>
    /// <returns><see langword="false"/> if the room has closed meanwhile; the caller calls <see cref="PrepareJoin"/>
    /// again.</returns>
    public bool TryEnter(Member member, Joined joined)
    {
        if (member.Room.TryEnter(member, joined))
            return true;
        Close(member.Room);
        return false;
    }

    /// <summary>Adds a member of another server.</summary>
    public void Enter(Joined joined)
    {
        for (var room = Open(joined.Room); !room.TryEnter(null, joined); room = Open(joined.Room))
            Close(room);
    }

    public RoomFollower Follow(string name, ILogReader reader)
    {
        while (true)
        {
            var room = Open(name);
            if (room.Follow(reader) is { } follower)
                return follower;
            Close(room);
        }
    }

    /// <summary>Removes a member from a room.</summary>
    /// <param name="member">The member; <see langword="null"/> for one of another server.</param>
    /// <param name="left">The event.</param>
    /// <param name="readsOwnLeave">Whether the member still reads the event.</param>
    public void Leave(Member? member, Left left, bool readsOwnLeave)
    {
        if ((member?.Room ?? Find(left.Room)) is { } room && room.Leave(member, left, readsOwnLeave))
            Close(room);
    }

    public void Unfollow(RoomFollower follower)
    {
        if (follower.Room.Unfollow(follower))
            Close(follower.Room);
    }

    /// <summary>Appends an event to its room. If the room is empty, only the feed sees it.</summary>
    public void Append(RoomEvent roomEvent)
    {
        // The room closes with its last follower, and another may be about to open it again: try once more.
        while ((Find(roomEvent.Room) ?? (Feed.HasFollowers ? Open(roomEvent.Room) : null)) is { } room)
        {
            var isAppended = room.TryAppend(roomEvent);
            if (limits.Budget.IsExceeded)
                limits.Budget.Trim(_rooms.Values, Feed);
            if (!room.HasFollowers && room.TryClose())
                Close(room);
            if (isAppended)
                return;
        }
    }

    private Room Open(string name) => _rooms.GetOrAdd(name, fresh => new Room(fresh, clock, time, limits, Feed));

    private void Close(Room room) =>
        ((ICollection<KeyValuePair<string, Room>>)_rooms).Remove(new KeyValuePair<string, Room>(room.Name, room));
}
