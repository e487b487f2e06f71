using Chat.Engine.Rooms;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

public sealed class JoiningOrderTests
{
    [Test]
    public async Task Who_has_knocked_reads_nothing_until_they_are_in_and_then_their_own_joining_first()
    {
        await using var services = new SomeServices();
        var rooms = services.Value.Rooms;
        rooms.Join("lobby", "ann", new AsyncAutoResetEvent());
        var bob = rooms.PrepareJoin("lobby", new("", "bob"), new AsyncAutoResetEvent());
        bob.Room.TryAppend(Some.Said());

        var before = (bob.Peek(long.MaxValue, out var lapped), lapped, bob.IsDone, bob.Lag > 0);
        rooms.TryEnter(bob);

        Assert.That(before, Is.EqualTo(((LogEntry?)null, false, false, false)));
        Assert.That(
            bob.Peek(long.MaxValue, out _)!.Event,
            Is.EqualTo(
                new Events.Joined("lobby", new("", "bob")) { Time = bob.Peek(long.MaxValue, out _)!.Event.Time }));
    }

    [Test]
    public async Task Who_knocks_at_a_room_that_closes_meanwhile_knocks_again_at_a_new_one()
    {
        await using var services = new SomeServices();
        var rooms = services.Value.Rooms;
        var ann = rooms.Join("tea", "ann", new AsyncAutoResetEvent());
        var bob = rooms.PrepareJoin("tea", new("", "bob"), new AsyncAutoResetEvent());
        rooms.Leave(ann, readsOwnLeave: false);

        var first = rooms.TryEnter(bob);
        var second = rooms.TryEnter(rooms.PrepareJoin("tea", new("", "bob"), new AsyncAutoResetEvent()));

        Assert.That((first, second, rooms.Find("tea")!.MemberCount), Is.EqualTo((false, true, 1)));
    }
}
