using System.Threading.Tasks.Sources;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>Whether a socket is ready for one direction, and the code that waits for that. The kernel tells each change
/// once (edge-triggered, epoll(7)), so it is kept until it is used up: code that is about to use the socket clears it
/// first.</summary>
internal sealed class Readiness : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Ready = 1;
    private const int Waiting = 2;

    /// <summary>Nothing changes any more: the socket answers every call at once.</summary>
    private const int Final = 3;

    private ManualResetValueTaskSourceCore<bool> _source;
    private Exception? _failure, _cancelled;
    private int _state;

    public bool IsFinal => Volatile.Read(ref _state) == Final;

    /// <summary>The socket is ready. The waiting code continues within this call.</summary>
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

    /// <summary>The socket is at its end: ready for ever. The waiting code continues within this call.</summary>
    public void SetFinal()
    {
        if (Interlocked.Exchange(ref _state, Final) == Waiting)
            _source.SetResult(true);
    }

    /// <summary>Ends this wait and every later one with an exception. The waiting code continues on the pool.</summary>
    public void Fail(Exception exception)
    {
        _failure = exception;
        if (Interlocked.Exchange(ref _state, Final) == Waiting)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Cancels the wait; nothing else changes. The waiting code continues on the pool.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) != Waiting)
            return;
        _cancelled = new OperationCanceledException(cancellationToken);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Forgets what was told so far, because it is about to be used up.</summary>
    public void Clear() => Interlocked.CompareExchange(ref _state, Idle, Ready);

    /// <summary>Waits until the socket is ready. One caller at a time.</summary>
    /// <param name="cancellationToken">Cancels the wait; the caller arranges that it calls
    /// <see cref="Cancel"/>.</param>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            // The token may have been set just before, when there was no wait to cancel yet.
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

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
