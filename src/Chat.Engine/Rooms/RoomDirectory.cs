using System.Collections.Concurrent;

namespace Chat.Engine.Rooms;

/// <summary>The rooms that have followers. A room is created for its first follower and removed with its last. Names
/// ignore case.</summary>
internal sealed class RoomDirectory(LogicalClock clock, TimeProvider time, LogLimits limits)
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The events of all rooms in one log, which observers follow. Empty if there are no observers.</summary>
    public Room Feed { get; } = new("", clock, time, limits, feed: null);

    /// <summary>All rooms, in alphabetical order.</summary>
    public IReadOnlyList<Room> All =>
        [.. _rooms.Values.OrderBy(room => room.Name, StringComparer.OrdinalIgnoreCase)];

    public Room? Find(string name) => _rooms.TryGetValue(name, out var room) ? room : null;

    /// <summary>Creates a member who is not in the room yet; <see cref="TryEnter"/> adds them.</summary>
    public Member PrepareJoin(string name, Sender sender, ILogReader reader) => new(Open(name), reader, sender);

    /// <summary>Adds a member created by <see cref="PrepareJoin"/>.</summary>
    /// <returns><see langword="false"/> if the room has closed meanwhile; the caller calls <see cref="PrepareJoin"/>
    /// again.</returns>
    public bool TryEnter(Member member)
    {
        if (member.Room.TryEnter(member))
            return true;
        Close(member.Room);
        return false;
    }

    public Follower Follow(string name, ILogReader reader)
    {
        while (true)
        {
            var room = Open(name);
            if (room.Follow(reader) is { } follower)
                return follower;
            Close(room);
        }
    }

    public void Leave(Member member, string? reason, bool readsOwnLeave)
    {
        if (member.Room.Leave(member, reason, readsOwnLeave))
            Close(member.Room);
    }

    public void Unfollow(Follower follower)
    {
        if (follower.Room.Unfollow(follower))
            Close(follower.Room);
    }

    /// <summary>Appends an event that the backplane has ordered. If the room is empty, only observers see it.</summary>
    public void Deliver(RoomEvent roomEvent)
    {
        while ((Find(roomEvent.Room) ?? (Feed.HasFollowers ? Open(roomEvent.Room) : null)) is { } room)
        {
            var followers = room.Append(roomEvent);
            if (followers > 0 && limits.Budget.IsExceeded)
                limits.Budget.Trim(_rooms.Values.Append(Feed));
            if (followers > 0)
                return;

            // Nobody is in it; or the last follower has just left, and another may be about to reopen it.
            if (room.TryClose())
                Close(room);
            if (followers == 0)
                return;
        }
    }

    private Room Open(string name) => _rooms.GetOrAdd(name, fresh => new Room(fresh, clock, time, limits, Feed));

    private void Close(Room room) =>
        ((ICollection<KeyValuePair<string, Room>>)_rooms).Remove(new KeyValuePair<string, Room>(room.Name, room));
}
