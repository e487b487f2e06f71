using Chat.Engine.Rooms;
using Chat.Engine.Tests.Scheduling;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

[CancelAfter(10000)]
public sealed class FollowerGroupTests
{
    private static readonly LogLimits _limits = new(32 * 1024, 8 * 1024 * 1024, new LogBudget(long.MaxValue));

    private readonly Room _room = new(
        "lobby", new LogicalClock(), TimeProvider.System, _limits, new Feed(new LogicalClock(), _limits));

    [TestCase(1, 1)]
    [TestCase(FollowerGroup.Capacity, 1)]
    [TestCase(FollowerGroup.Capacity + 1, 2)]
    [TestCase(1000, 8)]
    public void Followers_are_spread_over_groups(int followers, int groups)
    {
        var audience = new Audience();

        for (var count = 0; count < followers; count++)
            audience.Add(new RoomFollower(_room, new ReadingReader(), 0));

        Assert.That((audience.Groups.Length, audience.Count), Is.EqualTo((groups, followers)));
    }

    [Test]
    public void A_place_that_has_become_free_is_taken_again()
    {
        var audience = new Audience();
        var followers = Enumerable.Range(0, FollowerGroup.Capacity * 2).Select(
            _ => new RoomFollower(_room, new ReadingReader(), 0)).ToList();
        followers.ForEach(audience.Add);
        audience.Remove(followers[3]);

        audience.Add(new RoomFollower(_room, new ReadingReader(), 0));

        Assert.That(audience.Groups.Select(group => group.Followers.Count), Is.All.EqualTo(FollowerGroup.Capacity));
    }

    [Test]
    public void A_group_that_everyone_has_left_goes()
    {
        var audience = new Audience();
        var follower = new RoomFollower(_room, new ReadingReader(), 0);
        audience.Add(follower);

        audience.Remove(follower);

        Assert.That((audience.Groups.Length, audience.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Everyone_in_a_room_of_many_groups_reads_every_line(CancellationToken cancellationToken)
    {
        const int Followers = (2 * FollowerGroup.Capacity) + 1;
        const int Lines = 300;
        var readers = Enumerable.Range(0, Followers).Select(_ => new ReadingReader()).ToList();
        foreach (var reader in readers)
            reader.Follower = _room.Follow(reader);

        for (var line = 0; line < Lines; line++)
            _room.TryAppend(Some.Said());

        Assert.That(
            async () =>
                await Task.WhenAll(readers.Select(reader => reader.WaitForAsync(Lines))).WaitAsync(cancellationToken),
            Throws.Nothing);
    }

    [Test]
    public async Task What_all_have_read_is_forgotten_but_for_the_newest_lines(CancellationToken cancellationToken)
    {
        const int Lines = 4096;
        var reader = new ReadingReader();
        reader.Follower = _room.Follow(reader);

        for (var line = 0; line < Lines; line++)
        {
            _room.TryAppend(Some.Said());
            await reader.WaitForAsync(line + 1).WaitAsync(cancellationToken);
        }

        // What is kept: the newest, and what came since it was last looked at.
        Assert.That(_room.Log.Tail - _room.Log.Head, Is.InRange(256, 256 + 64 + 64));
    }

    [Test]
    public async Task What_somebody_has_yet_to_read_is_kept(CancellationToken cancellationToken)
    {
        const int Lines = 4096;
        var reader = new ReadingReader();
        reader.Follower = _room.Follow(reader);
        _room.Follow(new AsyncAutoResetEvent());

        for (var line = 0; line < Lines; line++)
        {
            _room.TryAppend(Some.Said());
            await reader.WaitForAsync(line + 1).WaitAsync(cancellationToken);
        }

        Assert.That((_room.Log.Head, _room.Log.Tail), Is.EqualTo((0L, (long)Lines)));
    }

    [Test]
    public async Task Who_comes_in_during_a_round_has_nothing_forgotten_before_they_read_it(
        CancellationToken cancellationToken)
    {
        var reader = new ReadingReader();
        reader.Follower = _room.Follow(reader);
        Follower? newcomer = null;

        await new TestLoop().RunAsync(loop =>
        {
            // In the middle of the round, and of what the first one reads in it, somebody comes in.
            reader.OnRead = () =>
            {
                reader.OnRead = null;
                newcomer = _room.Follow(new AsyncAutoResetEvent());
                for (var line = 0; line < 300; line++)
                    _room.TryAppend(Some.Said());
            };
            _room.TryAppend(Some.Said());
            loop.RunOne();
            for (var line = 0; line < 1000; line++)
                _room.TryAppend(Some.Said());
        }).WaitAsync(cancellationToken);

        Assert.That(_room.Log.Head, Is.LessThanOrEqualTo(newcomer!.Cursor));
    }

    /// <summary>Reads where it is woken, and counts.</summary>
    private sealed class ReadingReader : ILogReader
    {
        private readonly object _lock = new();
        private (long Count, TaskCompletionSource<bool> Reached) _wanted;
        private long _read;

        public Follower? Follower { get; set; }

        public void Wake() => ReadNow();

        public Action? OnRead { get; set; }

        public void ReadNow()
        {
            OnRead?.Invoke();
            lock (_lock)
            {
                while (Follower?.Peek(long.MaxValue, out _) is not null)
                {
                    Follower.Cursor++;
                    _read++;
                }

                if (_wanted.Reached is { } reached && _read >= _wanted.Count)
                    reached.TrySetResult(true);
            }
        }

        public Task WaitForAsync(long count)
        {
            lock (_lock)
            {
                if (_read >= count)
                    return Task.CompletedTask;
                _wanted = (count, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
                return _wanted.Reached.Task;
            }
        }
    }
}
