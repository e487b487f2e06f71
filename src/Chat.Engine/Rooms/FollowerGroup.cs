using Chat.Engine.Scheduling;

namespace Chat.Engine.Rooms;

/// <summary>
/// Some of a room's followers, who are served one after the other by one worker. While it is at work, new lines of the
/// room only ask for another round: the busier the room, the more lines each follower finds. Changed under the room's lock.
/// </summary>
internal sealed class FollowerGroup : WorkItem
{
    /// <summary>How many there can be: few enough that a round is soon over, and that a large room keeps several cores busy.</summary>
    public const int Capacity = 128;

    private Follower[] _followers = [];
    private LineLog? _log;
    private long _slowest;
    private WorkCoalescer _work;

    public IReadOnlyList<Follower> Followers => _followers;

    /// <summary>Where the slowest of them stood after the last round: what comes before it has been read by all.</summary>
    public long Slowest => Volatile.Read(ref _slowest);

    /// <summary>Whether no round is under way or asked for, at this moment.</summary>
    public bool IsIdle => _work.IsIdle;

    public void Add(Follower follower)
    {
        _log = follower.Room.Log;
        follower.Group = this;
        Volatile.Write(ref _followers, [.. _followers, follower]);
    }

    public void Remove(Follower follower) => Volatile.Write(ref _followers, Array.FindAll(_followers, other => other != follower));

    /// <summary>There is something to read. The caller has published it with a full fence.</summary>
    /// <param name="isLarge">Whether the room has so many groups that this one is better served by whatever processor is free.</param>
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
            // Whoever comes in from here on stands no further back than this.
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
