namespace Chat.Engine.Rooms;

/// <summary>A reader of a room's log.</summary>
internal class RoomFollower(Room room, ILogReader reader, long cursor) : Follower(room.Log, reader, cursor)
{
    public Room Room { get; } = room;

    /// <summary>The group that serves the follower; set by the room, under its lock.</summary>
    public FollowerGroup? Group { get; set; }
}
