using Chat.Engine.Rooms;
using Chat.Events;

namespace Chat.Engine.Tests.Rooms;

/// <summary>Changes of a room, without a session and a backplane.</summary>
internal static class Joining
{
    /// <returns>The member; <see langword="null"/> when the room has closed.</returns>
    public static Member? Join(this Room room, string nick, AsyncAutoResetEvent signal)
    {
        var member = new Member(room, signal, new("", nick));
        return room.TryEnter(member, new Joined(room.Name, member.Sender)) ? member : null;
    }

    public static Member Join(this RoomDirectory rooms, string name, string nick, AsyncAutoResetEvent signal)
    {
        var member = rooms.PrepareJoin(name, new("", nick), signal);
        Assert.That(rooms.TryEnter(member), Is.True);
        return member;
    }

    public static bool TryEnter(this RoomDirectory rooms, Member member) =>
        rooms.TryEnter(member, new Joined(member.Room.Name, member.Sender));

    public static bool Leave(this Room room, Member member, bool readsOwnLeave) =>
        room.Leave(member, new Left(room.Name, member.Sender, null), readsOwnLeave);

    public static void Leave(this RoomDirectory rooms, Member member, bool readsOwnLeave) =>
        rooms.Leave(member, new Left(member.Room.Name, member.Sender, null), readsOwnLeave);
}
