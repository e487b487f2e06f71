using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

public sealed class RoomTests
{
    private readonly LogicalClock _clock = new();
    private readonly LogLimits _limits = new(16, 8 * 1024 * 1024, new LogBudget(long.MaxValue));

    [Test]
    public void A_member_reads_from_their_own_join_on()
    {
        var room = NewRoom();
        room.TryAppend(Some.Said("before"));

        var member = room.Join("ann", new AsyncAutoResetEvent())!;

        Assert.That(ReadAll(member), Is.EqualTo(new[] { "Joined ann" }));
    }

    [Test]
    public void A_member_that_leaves_and_reads_it_reads_nothing_after()
    {
        var room = NewRoom();
        var ann = room.Join("ann", new AsyncAutoResetEvent())!;
        room.Join("bob", new AsyncAutoResetEvent());

        room.Leave(ann, readsOwnLeave: true);
        room.TryAppend(Some.Said("after"));

        Assert.That(ReadAll(ann), Is.EqualTo(new[] { "Joined ann", "Joined bob", "Left ann" }));
    }

    [Test]
    public void A_member_that_has_gone_still_reads_what_came_before_they_left()
    {
        var room = NewRoom();
        var ann = room.Join("ann", new AsyncAutoResetEvent())!;
        room.Join("bob", new AsyncAutoResetEvent());
        room.TryAppend(Some.Said("last words"));

        room.Leave(ann, readsOwnLeave: false);

        Assert.That(ReadAll(ann), Is.EqualTo(new[] { "Joined ann", "Joined bob", "last words" }));
    }

    /// <summary>Readers take no lock: they may look in the moment in which the line is put into the log.</summary>
    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public void Where_a_reader_stops_is_known_before_the_line_that_says_they_left_is_there(bool readsOwnLeave, long end)
    {
        Member? ann = null;
        long? known = null;
        var time = new ToldTime(() => known = ann?.End);
        var room = new Room("lobby", _clock, time, _limits, Feed());
        ann = room.Join("ann", new AsyncAutoResetEvent());

        room.Leave(ann!, readsOwnLeave);

        Assert.That(known, Is.EqualTo(end));
    }

    [Test]
    public void A_reader_sees_nothing_later_than_it_asks_for()
    {
        var room = NewRoom();
        var ann = room.Join("ann", new AsyncAutoResetEvent())!;
        var now = _clock.Now;
        room.TryAppend(Some.Said());
        ann.Cursor++;

        var entry = ann.Peek(now, out var lapped);

        Assert.That((entry, lapped), Is.EqualTo(((LogEntry?)null, false)));
    }

    [Test]
    public void A_lapped_reader_learns_how_many_lines_it_missed()
    {
        var room = NewRoom();
        var ann = room.Join("ann", new AsyncAutoResetEvent())!;
        for (var line = 0; line < 20; line++)
            room.TryAppend(Some.Said());

        ann.Peek(long.MaxValue, out var lapped);
        var skipped = ann.Skip();

        Assert.That((lapped, skipped, ann.Lag), Is.EqualTo((true, 21L, 0L)));
    }

    [Test]
    public void The_last_to_leave_closes_the_room_for_good()
    {
        var room = NewRoom();
        var ann = room.Join("ann", new AsyncAutoResetEvent())!;

        var closed = room.Leave(ann, readsOwnLeave: false);

        Assert.That(
            (closed, room.Join("bob", new AsyncAutoResetEvent()), room.Follow(new AsyncAutoResetEvent())),
            Is.EqualTo((true, (Member?)null, (Follower?)null)));
    }

    [Test]
    public void Nothing_is_put_into_a_room_that_has_closed()
    {
        var feed = Feed();
        var observer = feed.Follow(new AsyncAutoResetEvent());
        var room = new Room("lobby", _clock, TimeProvider.System, _limits, feed);
        room.Leave(room.Join("ann", new AsyncAutoResetEvent())!, readsOwnLeave: false);

        var isAppended = room.TryAppend(Some.Said("too late"));

        Assert.That((isAppended, room.Log.Tail), Is.EqualTo((false, 2L)));
        Assert.That(ReadAll(observer), Is.EqualTo(new[] { "Joined ann", "Left ann" }));
    }

    [Test]
    public void An_unseen_follower_keeps_the_room_open_and_is_not_among_the_nicks()
    {
        var room = NewRoom();
        room.Follow(new AsyncAutoResetEvent());
        var ann = room.Join("ann", new AsyncAutoResetEvent())!;

        var closed = room.Leave(ann, readsOwnLeave: false);

        Assert.That((closed, room.Nicks.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Nicks_are_in_alphabetical_order_whatever_their_case()
    {
        var room = NewRoom();
        foreach (var nick in new[] { "carl", "Bob", "ann" })
            room.Join(nick, new AsyncAutoResetEvent());

        Assert.That(room.Nicks, Is.EqualTo(new[] { "ann", "Bob", "carl" }));
    }

    [Test]
    public void A_rename_is_one_step_with_the_line_that_says_so()
    {
        var room = NewRoom();
        var ann = room.Join("ann", new AsyncAutoResetEvent())!;

        room.Rename(ann, new Renamed("lobby", ann.Sender, "anna"));

        Assert.That((ReadAll(ann)[^1], room.Nicks[0]), Is.EqualTo(("Renamed ann anna", "anna")));
    }

    [Test]
    public void An_event_without_a_time_gets_the_rooms()
    {
        var room = NewRoom();

        var ann = room.Join("ann", new AsyncAutoResetEvent())!;

        Assert.That(ann.Peek(long.MaxValue, out _)?.Event.Time, Is.Not.EqualTo(default(DateTimeOffset)));
    }

    [Test]
    [CancelAfter(10000)]
    public async Task Every_follower_is_woken_by_a_line(CancellationToken cancellationToken)
    {
        AsyncAutoResetEvent[] signals = [new(), new(), new()];
        var room = NewRoom();
        foreach (var signal in signals)
            room.Follow(signal);

        room.TryAppend(Some.Said());

        Assert.That(
            async () =>
                await Task.WhenAll(signals.Select(signal => signal.WaitAsync().AsTask())).WaitAsync(cancellationToken),
            Throws.Nothing);
    }

    [Test]
    [CancelAfter(10000)]
    public async Task Writers_at_once_give_one_order_with_rising_stamps(CancellationToken cancellationToken)
    {
        var room = NewRoom(new LogLimits(32 * 1024, 8 * 1024 * 1024, new LogBudget(long.MaxValue)));
        var follower = room.Follow(new AsyncAutoResetEvent())!;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (var line = 0; line < 500; line++)
                    room.TryAppend(Some.Said());
            },
            cancellationToken)));

        List<long> stamps = [];
        while (follower.Peek(long.MaxValue, out _) is { } entry)
        {
            stamps.Add(entry.Stamp);
            follower.Cursor++;
        }

        Assert.That(stamps, Is.EqualTo(Enumerable.Range(1, 2000)));
    }

    [Test]
    [CancelAfter(30000)]
    public async Task An_append_that_is_interrupted_has_put_the_event_nowhere(CancellationToken cancellationToken)
    {
        // Appending asks what the event weighs, inside the lock.
        using var held = new HeldLock();
        var feed = Feed();
        feed.Follow(new AsyncAutoResetEvent());
        var room = new Room("lobby", _clock, TimeProvider.System, _limits, feed);
        room.Join("bob", new AsyncAutoResetEvent());
        var tails = (feed.Log.Tail, room.Log.Tail);
        var holder = Task.Run(() => feed.Append(new HeldEvent(held)), cancellationToken);
        held.Asked.Wait(cancellationToken);

        Exception? thrown = null;
        var plugin = new Thread(() =>
        {
            Thread.CurrentThread.Interrupt();
            thrown = Assert.Catch(() => room.TryAppend(Some.Said("from a plugin that is given up")));
        });
        plugin.Start();
        plugin.Join();

        Assert.That(thrown, Is.InstanceOf<ThreadInterruptedException>());
        Assert.That((feed.Log.Tail, room.Log.Tail), Is.EqualTo(tails));
        held.Release.Set();
        await holder;
    }

    private static List<string> ReadAll(Follower follower)
    {
        List<string> lines = [];
        while (follower.Peek(long.MaxValue, out _) is { } entry)
        {
            lines.Add(entry.Event switch
            {
                Said said => said.Text,
                Joined joined => $"Joined {joined.Nick}",
                Left left => $"Left {left.Nick}",
                Renamed renamed => $"Renamed {renamed.Nick} {renamed.NewNick}",
                var other => other.ToString(),
            });
            follower.Cursor++;
        }

        return lines;
    }

    private Room NewRoom(LogLimits? limits = null) =>
        new("lobby", _clock, TimeProvider.System, limits ?? _limits, Feed());

    private Feed Feed() => new(_clock, _limits);

    /// <summary>A room that appends what has no time yet asks the clock, just before.</summary>
    private sealed class ToldTime(Action asked) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            asked();
            return base.GetUtcNow();
        }
    }

    private sealed record HeldEvent(HeldLock Held) : RoomEvent("lobby"), IWeighed
    {
        public int TextLength
        {
            get
            {
                Held.Asked.Set();
                Held.Release.Wait();
                return 0;
            }
        }
    }

    private sealed class HeldLock : IDisposable
    {
        public ManualResetEventSlim Asked { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public void Dispose()
        {
            Release.Set();
            Asked.Dispose();
            Release.Dispose();
        }
    }
}
