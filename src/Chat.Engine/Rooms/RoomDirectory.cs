using System.Collections.Concurrent;
using Chat.Events;

namespace Chat.Engine.Rooms;

/// <summary>The rooms that somebody is in. A room comes with its first follower and goes with its last. Case does not matter in names.</summary>
internal sealed class RoomDirectory(LogicalClock clock, TimeProvider time, LogLimits limits)
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything that happens in any room, in one log: what observers follow. Empty while there are none.</summary>
    public Room Feed { get; } = new("", clock, time, limits, feed: null);

    /// <summary>All rooms, in alphabetical order.</summary>
    public IReadOnlyList<Room> All => [.. _rooms.Values.OrderBy(room => room.Name, StringComparer.OrdinalIgnoreCase)];

    public Room? Find(string name) => _rooms.TryGetValue(name, out var room) ? room : null;

    /// <summary>Makes somebody a member of a room who is not in it yet: <see cref="TryEnter"/> lets them in.</summary>
    public Member PrepareJoin(string name, string nick, ILogReader reader) => new(Open(name), reader, nick);

    /// <summary>Lets somebody in who has knocked.</summary>
    /// <returns><see langword="false"/> when the room has closed meanwhile; the caller knocks again.</returns>
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

    /// <summary>Appends an event that has its place in the order. Without anyone in the room only observers see it.</summary>
    public void Deliver(RoomEvent roomEvent)
    {
        while (Find(roomEvent.Room) is { } room)
        {
            if (room.Append(roomEvent) >= 0)
            {
                if (limits.Budget.IsExceeded)
                    limits.Budget.Trim(_rooms.Values.Append(Feed));
                return;
            }

            // The last has just left, and somebody may be about to open it anew.
            Close(room);
        }

        if (Feed.HasFollowers)
            Feed.Append(roomEvent);
    }

    private Room Open(string name) => _rooms.GetOrAdd(name, fresh => new Room(fresh, clock, time, limits, Feed));

    private void Close(Room room) => ((ICollection<KeyValuePair<string, Room>>)_rooms).Remove(new KeyValuePair<string, Room>(room.Name, room));
}
