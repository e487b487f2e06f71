using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

/// <summary>Where an event stands: its sequence and its epoch.</summary>
public sealed class SequenceTests
{
    private const long Epoch = 17;

    private readonly RoomDirectory _rooms = new(
        new LogicalClock(Epoch), TimeProvider.System, new LogLimits(16, 8 * 1024 * 1024, new LogBudget(long.MaxValue)));

    [Test]
    public void Each_event_follows_the_one_before_it()
    {
        var ann = _rooms.Join("tea", "ann", new AsyncAutoResetEvent());
        _rooms.Join("lobby", "bob", new AsyncAutoResetEvent());
        _rooms.Append(Some.Said("hi", room: "tea"));
        _rooms.Append(Some.Said("elsewhere"));
        _rooms.Append(Some.Said("again", room: "tea"));

        var events = ReadAll(ann);

        Assert.That(events.Select(each => each.Sequence - events[0].Sequence), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(events.Select(each => each.Epoch), Is.All.EqualTo(Epoch));
    }

    [Test]
    public void A_room_that_was_empty_does_not_start_again()
    {
        var ann = _rooms.Join("tea", "ann", new AsyncAutoResetEvent());
        _rooms.Append(Some.Said(room: "tea"));
        _rooms.Leave(ann, readsOwnLeave: true);
        var last = ReadAll(ann)[^1].Sequence;

        var again = ReadAll(_rooms.Join("tea", "ann", new AsyncAutoResetEvent()))[0].Sequence;

        Assert.That(again, Is.GreaterThan(last));
    }

    [Test]
    public void What_only_observers_see_has_its_place_in_its_room_too()
    {
        var observer = _rooms.Feed.Follow(new AsyncAutoResetEvent());
        _rooms.Append(Some.Said("nobody is there", room: "tea"));
        _rooms.Append(Some.Said("still nobody", room: "tea"));
        _rooms.Join("tea", "ann", new AsyncAutoResetEvent());

        Assert.That(ReadAll(observer).Select(each => each.Sequence), Is.Ordered.And.Unique);
        Assert.That(_rooms.Find("tea")!.MemberCount, Is.EqualTo(1));
    }

    [Test]
    public void A_room_that_only_observers_hear_of_is_not_kept()
    {
        _rooms.Feed.Follow(new AsyncAutoResetEvent());

        _rooms.Append(Some.Said(room: "tea"));

        Assert.That(_rooms.Find("tea"), Is.Null);
    }

    [Test]
    public void Servers_that_share_an_event_each_give_it_a_position()
    {
        var shared = Some.Said(room: "tea");
        var other = new RoomDirectory(
            new LogicalClock(18), TimeProvider.System, new LogLimits(16, 4096, new LogBudget(long.MaxValue)));
        var ann = _rooms.Join("tea", "ann", new AsyncAutoResetEvent());
        var bob = other.Join("tea", "bob", new AsyncAutoResetEvent());
        var carl = other.Join("tea", "carl", new AsyncAutoResetEvent());

        _rooms.Append(shared);
        other.Append(shared);

        var (here, there) = (ReadAll(ann)[^1], ReadAll(carl)[^1]);
        Assert.That((here.Epoch, here.Sequence), Is.EqualTo((Epoch, ann.Cursor - 1)));
        Assert.That((there.Epoch, there.Sequence), Is.EqualTo((18L, carl.Cursor - 1)));
        Assert.That(here, Is.EqualTo(there));
        Assert.That(bob.Lag, Is.EqualTo(3));
    }

    private static List<RoomEvent> ReadAll(Follower follower)
    {
        List<RoomEvent> events = [];
        while (follower.Peek(long.MaxValue, out _) is { } entry)
        {
            follower.Cursor++;
            events.Add((RoomEvent)entry.Event);
        }

        return events;
    }
}
