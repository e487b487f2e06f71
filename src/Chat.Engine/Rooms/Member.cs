namespace Chat.Engine.Rooms;

/// <summary>A person in a room. The nick changes under the room's lock, in one step with the line that reports the
/// change.</summary>
internal sealed class Member(Room room, ILogReader reader, string nick) : Follower(room, reader, NotYet)
{
    private string _nick = nick;

    public string Nick
    {
        get => Volatile.Read(ref _nick);
        set => Volatile.Write(ref _nick, value);
    }
}
