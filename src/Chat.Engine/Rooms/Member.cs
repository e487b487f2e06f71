namespace Chat.Engine.Rooms;

/// <summary>A person in a room. Their nick changes under the room's lock, in one step with the line that reports the
/// change.</summary>
internal sealed class Member(Room room, ILogReader reader, Sender sender) : RoomFollower(room, reader, NotYet)
{
    /// <summary>The cursor of a member who has not entered the room yet: there is nothing to read.</summary>
    private const long NotYet = long.MaxValue - 1;

    private Sender _sender = sender;

    public Sender Sender
    {
        get => Volatile.Read(ref _sender);
        set => Volatile.Write(ref _sender, value);
    }
}
