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
    public Task EnterAsync()
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _waiter, waiter);
        while (!TryEnter())
        {
            if (Interlocked.CompareExchange(ref _state, Wanted, Taken) == Taken)
                return waiter.Task;
        }

        return Task.CompletedTask;
    }

    /// <summary>Gives it back, or to the one who waits.</summary>
    public void Exit()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Taken) == Taken)
            return;
        Interlocked.Exchange(ref _state, Taken);
        Volatile.Read(ref _waiter)!.TrySetResult(true);
    }
}
