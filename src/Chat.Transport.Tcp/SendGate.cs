namespace Chat.Transport.Tcp;

/// <summary>Lets one of two in at a time: the engine's lines, and telnet's own answers. Costs nothing while they do not meet.</summary>
internal struct SendGate
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int Wanted = 2;

    private int _state;
    private TaskCompletionSource<bool>? _waiter;

    /// <returns>Whether it is free, and the caller's now.</returns>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Taken, Free) == Free;

    /// <summary>Waits until it is the caller's. At most one waits, as there are two.</summary>
    /// <returns>Set to <see langword="true"/> when it is; to <see langword="false"/> by <see cref="GiveUp"/>.</returns>
    public Task<bool> EnterAsync()
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _waiter, waiter);
        while (!TryEnter())
        {
            if (Interlocked.CompareExchange(ref _state, Wanted, Taken) == Taken)
                return waiter.Task;
        }

        return Task.FromResult(true);
    }

    /// <summary>Whoever waits does so no longer, unless it is theirs just now.</summary>
    public void GiveUp()
    {
        var waiter = Volatile.Read(ref _waiter);
        if (Interlocked.CompareExchange(ref _state, Taken, Wanted) == Wanted)
            waiter!.TrySetResult(false);
    }

    /// <summary>Gives it back, or to the one who waits.</summary>
    public void Exit()
    {
        while (Interlocked.CompareExchange(ref _state, Free, Taken) != Taken)
        {
            if (Interlocked.CompareExchange(ref _state, Taken, Wanted) != Wanted)
                continue;
            Volatile.Read(ref _waiter)!.TrySetResult(true);
            return;
        }
    }
}
