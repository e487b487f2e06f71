namespace Chat.Engine.Rooms;

/// <summary>All followers of a room, in groups. Changed under the room's lock; each change of the groups creates a new
/// array.</summary>
internal sealed class Audience
{
    private FollowerGroup[] _groups = [];
    private int _count;

    /// <summary>The number of followers, as seen without the lock.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of followers that are members.</summary>
    public int Members { get; private set; }

    /// <summary>The current groups; the array is never modified.</summary>
    public FollowerGroup[] Groups => Volatile.Read(ref _groups);

    /// <summary>The lowest cursor: all followers have read every line before it.</summary>
    public long Slowest
    {
        get
        {
            var slowest = long.MaxValue;
            foreach (var group in _groups)
                slowest = Math.Min(slowest, group.Slowest);
            return slowest;
        }
    }

    public IEnumerable<RoomFollower> All => _groups.SelectMany(group => group.Followers);

    public void Add(RoomFollower follower)
    {
        var group = Array.FindLast(_groups, some => some.Followers.Count < FollowerGroup.Capacity);
        if (group is null)
        {
            group = new FollowerGroup();
            Volatile.Write(ref _groups, [.. _groups, group]);
        }

        group.Add(follower);
        Members += follower is Member ? 1 : 0;
        Volatile.Write(ref _count, _count + 1);
    }

    public void Remove(RoomFollower follower)
    {
        var group = follower.Group!;
        group.Remove(follower);
        if (group.Followers.Count == 0)
            Volatile.Write(ref _groups, Array.FindAll(_groups, some => some != group));
        Members -= follower is Member ? 1 : 0;
        Volatile.Write(ref _count, _count - 1);
    }
}
