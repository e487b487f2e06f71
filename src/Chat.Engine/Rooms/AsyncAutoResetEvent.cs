using System.Threading.Tasks.Sources;

namespace Chat.Engine.Rooms;

/// <summary>Signals one follower that there is something to read. Any thread may set it; one waits. Setting a set
/// signal does nothing. A wait resumes on the pool, so a thread that sets the signal never runs the waiter's
/// code.</summary>
internal sealed class AsyncAutoResetEvent : WorkItem, ILogReader, IValueTaskSource
{
    private const int Idle = 0;
    private const int Set = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;

    /// <summary>Wakes the waiter, now or when it next waits. The caller must first publish its data with a full
    /// fence.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _state) == Set)
            return;
        if (Interlocked.Exchange(ref _state, Set) == Waiting)
            QueueOnPool();
    }

    /// <summary>Waits for the next <see cref="Wake"/>. One caller at a time. Even if the signal is already set, the
    /// wait resumes through the pool, so that lines which arrive meanwhile join the same batch.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) != Idle)
            QueueOnPool();
        return new ValueTask(this, _source.Version);
    }

    /// <inheritdoc/>
    public override void Execute() => _source.SetResult(true);

    /// <inheritdoc/>
    void ILogReader.ReadNow() => Wake();

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        _source.GetResult(token);
        _source.Reset();

        // Wakes are recorded from here on; reads after this fence see everything appended before it.
        Interlocked.Exchange(ref _state, Idle);
    }
}
