namespace Chat.Transport.Tcp;

/// <summary>Lets one of two in at a time: the engine's lines, and telnet's own answers. Costs nothing while they do not meet.</summary>
internal struct SendGate
{
    private static readonly object _taken = new();

    /// <summary><see langword="null"/> when it is free; whoever waits for it, when somebody does.</summary>
    private object? _state;

    /// <returns>Whether it was free, and is the caller's now.</returns>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, _taken, null) is null;

    /// <summary>Takes it, or gets in line. At most one waits, as there are two.</summary>
    /// <returns>
    /// <see langword="null"/> when it is the caller's now; else what to wait for, which ends with <see langword="true"/> when it is, and with
    /// <see langword="false"/> by <see cref="GiveUp"/>.
    /// </returns>
    public TaskCompletionSource<bool>? Enter()
    {
        if (TryEnter())
            return null;
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!TryEnter())
        {
            if (ReferenceEquals(Interlocked.CompareExchange(ref _state, waiter, _taken), _taken))
                return waiter;
        }

        return null;
    }

    /// <summary>Gets somebody out of line, unless it is theirs already. Whoever else may wait by now goes on waiting.</summary>
    public void GiveUp(TaskCompletionSource<bool> waiter)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _state, _taken, waiter), waiter))
            waiter.TrySetResult(false);
    }

    /// <summary>Gives it back, or to the one who waits.</summary>
    public void Exit()
    {
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _state, null, _taken), _taken))
        {
            if (Volatile.Read(ref _state) is not TaskCompletionSource<bool> waiter || !ReferenceEquals(Interlocked.CompareExchange(ref _state, _taken, waiter), waiter))
                continue;
            waiter.TrySetResult(true);
            return;
        }
    }
}
