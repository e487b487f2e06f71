namespace Chat.Engine.Outbound;

/// <summary>The rooms a session reads. Changed by its read loop and its pump, read by any thread: each change creates a
/// new array.</summary>
internal sealed class Memberships
{
    private Member[] _all = [];

    /// <summary>All memberships, including rooms that the session has left but not yet read to the end.</summary>
    public Member[] All => Volatile.Read(ref _all);

    /// <summary>The rooms the session is in now, in the order it joined them.</summary>
    public IEnumerable<Member> Current => All.Where(member => member.End == long.MaxValue);

    public Member? Find(string room) =>
        Current.FirstOrDefault(member => string.Equals(member.Room.Name, room, StringComparison.OrdinalIgnoreCase));

    /// <summary>Enters a room.</summary>
    public Member Enter(RoomDirectory rooms, Joined joined, ILogReader pump)
    {
        while (true)
        {
            // The pump learns of the member first, so a reply to the join comes after the line that announces it.
            var member = rooms.PrepareJoin(joined.Room, joined.Sender, pump);
            Add(member);
            if (rooms.TryEnter(member, joined))
                return member;
            Remove(member);
        }
    }

    public void Add(Member member) => Change(all => [.. all, member]);

    public void Remove(Member member) => Change(all => [.. all.Where(other => other != member)]);

    private void Change(Func<Member[], Member[]> change)
    {
        Member[] all;
        do
            all = All;
        while (Interlocked.CompareExchange(ref _all, change(all), all) != all);
    }
}
