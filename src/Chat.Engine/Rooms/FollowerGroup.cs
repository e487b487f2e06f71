namespace Chat.Engine.Rooms;

/// <summary>A group of a room's followers, served one after the other by one worker. While the worker runs, new lines
/// only request another round, so each follower finds more lines per round as the room gets busier. Changed under the
/// room's lock.</summary>
internal sealed class FollowerGroup : WorkItem
{
    /// <summary>The most followers: few enough for short rounds, and for a large room to use several cores.</summary>
    public const int Capacity = 128;

    private RoomFollower[] _followers = [];
    private LineLog? _log;
    private long _slowest;
    private WorkCoalescer _work;

    public IReadOnlyList<RoomFollower> Followers => _followers;

    /// <summary>The lowest cursor after the last round: all followers have read every line before it.</summary>
    public long Slowest => Volatile.Read(ref _slowest);

    /// <summary>Whether no round is running or requested at this moment.</summary>
    public bool IsIdle => _work.IsIdle;

    public void Add(RoomFollower follower)
    {
        _log = follower.Log;
        follower.Group = this;
        Volatile.Write(ref _followers, [.. _followers, follower]);
    }

    public void Remove(RoomFollower follower) =>
        Volatile.Write(ref _followers, Array.FindAll(_followers, other => other != follower));

    /// <summary>Requests a round. The caller must first publish its lines with a full fence.</summary>
    /// <param name="isLarge">Whether the room has so many groups that any free processor should serve this one.</param>
    public void Wake(bool isLarge)
    {
        if (!_work.Request())
            return;
        if (isLarge)
            QueueOnPool();
        else
            Queue();
    }

    public override void Execute()
    {
        _work.TryBegin();
        try
        {
            // Followers that enter from here on start at this cursor or later.
            var slowest = _log!.Tail;
            foreach (var follower in Volatile.Read(ref _followers))
            {
                follower.Reader.ReadNow();
                slowest = Math.Min(slowest, follower.Cursor);
            }

            Volatile.Write(ref _slowest, slowest);
        }
        finally
        {
            if (_work.End())
                Queue();
        }
    }
}
