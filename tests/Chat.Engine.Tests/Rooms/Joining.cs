using Chat.Engine.Rooms;

namespace Chat.Engine.Tests.Rooms;

/// <summary>Knocking and entering in one step.</summary>
internal static class Joining
{
    /// <returns>The member; <see langword="null"/> when the room has closed.</returns>
    public static Member? Join(this Room room, string nick, AsyncAutoResetEvent signal)
    {
        var member = new Member(room, signal, new("", nick));
        return room.TryEnter(member) ? member : null;
    }

    public static Member Join(this RoomDirectory rooms, string name, string nick, AsyncAutoResetEvent signal)
    {
        var member = rooms.PrepareJoin(name, new("", nick), signal);
        Assert.That(rooms.TryEnter(member), Is.True);
        return member;
    }
}
