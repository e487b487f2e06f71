using Chat.Engine.Rooms;
using Chat.Events;

namespace Chat.Engine.Outbound;

/// <summary>
/// What is for one session alone: replies, whispers, refusals. A short queue with a bound; when it is full, others are told that
/// they cannot deliver, and the session's own replies wait, which stops the reading of its commands.
/// </summary>
internal sealed class Inbox(LogicalClock clock, ILogReader reader, int capacity)
{
    /// <summary>How long all that waits may be, in UTF-16 units; one letter may be longer, as long as it is alone.</summary>
    private const int MaxLength = 128 * 1024;

    private readonly object _lock = new();
    private Queue<Letter>? _letters;
    private TaskCompletionSource<bool>? _space;
    private int _count;
    private int _length;

    /// <summary>Whether there is nothing in it, as seen without the lock.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Puts an event in, unless the inbox is full. Safe from any thread.</summary>
    /// <param name="chatEvent">The event.</param>
    /// <param name="urgent">Whether it is the last one and may go over the bound.</param>
    public bool TryPost(ChatEvent chatEvent, bool urgent = false)
    {
        lock (_lock)
        {
            var length = LengthOf(chatEvent);
            if (!urgent && !HasRoom(length))
                return false;
            (_letters ??= new Queue<Letter>()).Enqueue(new Letter(clock.Next(), chatEvent));
            _count = _letters.Count;
            _length += length;
        }

        // Must be visible before it is looked at whether the reader is reading: see WorkCoalescer.
        Interlocked.MemoryBarrier();
        reader.Wake();
        return true;
    }

    /// <summary>Puts an event in, waiting for room. One caller at a time: the session's own.</summary>
    public async ValueTask PostAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        while (!TryPost(chatEvent))
        {
            Task space;
            lock (_lock)
            {
                if (HasRoom(LengthOf(chatEvent)))
                    continue;
                _space ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                space = _space.Task;
            }

            var gone = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (cancellationToken.Register(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(true), gone))
                await Task.WhenAny(space, gone.Task).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The next event, if there is one.</summary>
    /// <param name="latest">Events with a later stamp are not there yet.</param>
    /// <param name="stamp">Its place among everything that happens in the server.</param>
    public ChatEvent? Peek(long latest, out long stamp)
    {
        stamp = 0;
        if (IsEmpty)
            return null;
        lock (_lock)
        {
            var letter = _letters!.Peek();
            stamp = letter.Stamp;
            return stamp <= latest ? letter.Event : null;
        }
    }

    /// <summary>Takes the event that <see cref="Peek"/> has shown.</summary>
    public void Take()
    {
        lock (_lock)
        {
            _length -= LengthOf(_letters!.Dequeue().Event);
            _count = _letters.Count;

            // Most inboxes are empty for most of the time.
            if (_count == 0)
                _letters = null;
            _space?.TrySetResult(true);
            _space = null;
        }
    }

    private static int LengthOf(ChatEvent chatEvent) => chatEvent switch
    {
        Notice notice => notice.Text.Length,
        Whispered whispered => whispered.Text.Length,
        _ => 0,
    };

    private bool HasRoom(int length) => _count == 0 || (_count < capacity && _length + length <= MaxLength);

    private readonly record struct Letter(long Stamp, ChatEvent Event);
}
