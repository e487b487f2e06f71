namespace Chat.Transport.Tcp.Telnet;

/// <summary>Lets one of two in at a time: the engine's lines and telnet's own answers. Eight bytes within the
/// connection, and one interlocked operation for each send that meets nobody.</summary>
internal struct SendGate
{
    private static readonly object _taken = new();

    /// <summary><see langword="null"/> if it is free; the waiter, if somebody waits for it.</summary>
    private object? _state;

    /// <returns>Whether it was free and now belongs to the caller.</returns>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, _taken, null) is null;

    /// <summary>Takes it, or gets in line. At most one waits, as there are only two.</summary>
    /// <returns><see langword="null"/> if it now belongs to the caller; otherwise what to wait for. That completes with
    /// <see langword="true"/> as soon as the gate belongs to the caller, and with <see langword="false"/> after
    /// <see cref="GiveUp"/>.</returns>
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

    /// <summary>Takes a waiter out of line, unless the gate is its own already. Another goes on waiting.</summary>
    public void GiveUp(TaskCompletionSource<bool> waiter)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _state, _taken, waiter), waiter))
            waiter.TrySetResult(false);
    }

    /// <summary>Gives it back, or passes it to the waiter.</summary>
    public void Exit()
    {
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _state, null, _taken), _taken))
        {
            if (Volatile.Read(ref _state) is TaskCompletionSource<bool> waiter
                && ReferenceEquals(Interlocked.CompareExchange(ref _state, _taken, waiter), waiter))
            {
                waiter.TrySetResult(true);
                return;
            }
        }
    }
}
