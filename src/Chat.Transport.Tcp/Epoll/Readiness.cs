using System.Threading.Tasks.Sources;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>
/// Whether a socket is ready for one direction, and the one who waits for that. The kernel tells each change once (edge-triggered,
/// epoll(7)), so what it tells is kept until it is used: whoever is about to use the socket first clears it.
/// </summary>
internal sealed class Readiness : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Ready = 1;
    private const int Waiting = 2;

    /// <summary>Nothing changes any more: whatever is asked of the socket, it answers at once.</summary>
    private const int Final = 3;

    private ManualResetValueTaskSourceCore<bool> _source;
    private Exception? _failure, _cancelled;
    private int _state;

    /// <summary>Whether it will stay as it is.</summary>
    public bool IsFinal => Volatile.Read(ref _state) == Final;

    /// <summary>The socket is ready. Whoever waits goes on right here.</summary>
    public void Set()
    {
        var state = Volatile.Read(ref _state);
        while (state != Final)
        {
            var seen = Interlocked.CompareExchange(ref _state, Ready, state);
            if (seen == state)
            {
                if (state == Waiting)
                    _source.SetResult(true);
                return;
            }

            state = seen;
        }
    }

    /// <summary>The socket is ready and will stay so, at its end. Whoever waits goes on right here.</summary>
    public void SetFinal()
    {
        if (Interlocked.Exchange(ref _state, Final) == Waiting)
            _source.SetResult(true);
    }

    /// <summary>The wait is over, and so is every later one. Whoever waits goes on elsewhere, with the exception.</summary>
    public void Fail(Exception exception)
    {
        _failure = exception;
        if (Interlocked.Exchange(ref _state, Final) == Waiting)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Whoever waits goes on elsewhere, cancelled; nothing else changes.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) != Waiting)
            return;
        _cancelled = new OperationCanceledException(cancellationToken);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>What was told so far is about to be used up.</summary>
    public void Clear() => Interlocked.CompareExchange(ref _state, Idle, Ready);

    /// <summary>Waits until the socket is ready. One caller at a time.</summary>
    /// <param name="cancellationToken">Ends the wait; the caller has <see cref="Cancel"/> called when it is set.</param>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            // It may have been set just before, when there was no wait to be ended yet.
            var version = _source.Version;
            if (cancellationToken.IsCancellationRequested)
                Cancel(cancellationToken);
            return new ValueTask(this, version);
        }

        return _failure is { } failure ? ValueTask.FromException(failure) : default;
    }

    void IThreadPoolWorkItem.Execute() => _source.SetException(Interlocked.Exchange(ref _cancelled, null) ?? _failure!);

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
