namespace Chat.Engine.Outbound;

/// <summary>The events addressed to one session: replies, whispers, refusals. A short, bounded queue. If it is full,
/// other senders are told that they cannot deliver, and the session's own replies wait, which also stops reading its
/// commands. Its lock is the reader, which only this inbox locks: most inboxes are idle, and should be small.</summary>
internal sealed class Inbox(LogicalClock clock, ILogReader reader, int capacity)
{
    /// <summary>The maximum total length of queued text, in UTF-16 units. A longer event is accepted if it is the only
    /// one.</summary>
    private const int MaxLength = 128 * 1024;

    private Queue<Letter>? _letters;
    private TaskCompletionSource<bool>? _space;
    private int _count;
    private int _length;

    /// <summary>Whether the inbox is empty, read without the lock.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Adds an event, unless the inbox is full. Safe from any thread.</summary>
    /// <param name="chatEvent">The event.</param>
    /// <param name="urgent">Whether the event is the last one and may exceed the bound.</param>
    /// <returns>Whether the event was added.</returns>
    public bool TryPost(ChatEvent chatEvent, bool urgent = false)
    {
        lock (reader)
        {
            var length = LengthOf(chatEvent);
            if (!urgent && !HasRoom(length))
                return false;
            (_letters ??= new Queue<Letter>()).Enqueue(new Letter(clock.Next(), chatEvent));
            _count = _letters.Count;
            _length += length;
        }

        // Must be visible before checking whether the reader is reading: see WorkCoalescer.
        Interlocked.MemoryBarrier();
        reader.Wake();
        return true;
    }

    /// <summary>Adds an event, waiting for room. One caller at a time: the session itself.</summary>
    public async ValueTask PostAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        while (!TryPost(chatEvent))
        {
            Task space;
            lock (reader)
            {
                if (HasRoom(LengthOf(chatEvent)))
                    continue;
                _space ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                space = _space.Task;
            }

            await space.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns the next event without removing it; <see langword="null"/> if there is none.</summary>
    /// <param name="latest">Events with a later stamp are ignored.</param>
    /// <param name="stamp">The event's position in the server-wide order of events.</param>
    public ChatEvent? Peek(long latest, out long stamp)
    {
        stamp = 0;
        if (IsEmpty)
            return null;
        lock (reader)
        {
            var letter = _letters!.Peek();
            stamp = letter.Stamp;
            return stamp <= latest ? letter.Event : null;
        }
    }

    /// <summary>Removes the event returned by <see cref="Peek"/>.</summary>
    public void Take()
    {
        lock (reader)
        {
            _length -= LengthOf(_letters!.Dequeue().Event);
            _count = _letters.Count;

            // Most inboxes are empty most of the time.
            if (_count == 0)
                _letters = null;
            _space?.TrySetResult(true);
            _space = null;
        }
    }

    private static int LengthOf(ChatEvent chatEvent) => chatEvent switch
    {
        Notice notice => notice.Text.Length,
        Refused { Subject: { } subject } => subject.Length,
        RoomList list => list.Rooms.Sum(static room => room.Name.Length),
        MemberList list => list.Nicks.Sum(static nick => nick.Length),
        Whispered whispered => whispered.Text.Length,
        _ => 0,
    };

    private bool HasRoom(int length) => _count == 0 || (_count < capacity && _length + length <= MaxLength);

    private readonly record struct Letter(long Stamp, ChatEvent Event);
}
