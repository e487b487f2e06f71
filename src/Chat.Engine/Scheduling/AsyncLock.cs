namespace Chat.Engine.Scheduling;

/// <summary>Admits one caller at a time; others wait in order of arrival. Entering a free lock and exiting an
/// uncontended one cost one interlocked operation each. Safe from any thread; a caller that takes over another's work
/// may exit on its behalf.</summary>
internal sealed class AsyncLock
{
    private const int Free = 0, Held = 1, Awaited = 2;

    /// <summary>How long a caller that has waited for an overdue one may wait for the callers ahead of it.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(15);

    private readonly Queue<Waiter> _waiting = new();
    private int _state;

    /// <summary>Enters if the lock is free.</summary>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Held, Free) == Free;

    /// <summary>Enters after all earlier callers have exited.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The token was canceled before the lock was entered.</exception>
    public Task EnterAsync(CancellationToken cancellationToken) =>
        WaitAsync(new Waiter(isPatient: true), cancellationToken);

    /// <summary>Enters like <see cref="EnterAsync"/>, but waits for at most one overdue caller.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="false"/> if the lock was not entered: one caller was overdue, and others were still
    /// ahead.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled before the lock was entered.</exception>
    public Task<bool> TryEnterAsync(CancellationToken cancellationToken) =>
        WaitAsync(new Waiter(isPatient: false), cancellationToken);

    /// <summary>Exits the lock.</summary>
    /// <param name="isOverdue">Whether the caller held the lock for too long, so that those who waited for it do not
    /// wait for another such caller.</param>
    public void Exit(bool isOverdue = false)
    {
        if (Interlocked.CompareExchange(ref _state, Free, Held) == Held)
            return;
        lock (_waiting)
        {
            // Skips waiters that have been canceled or have given up.
            while (_waiting.Count > 0)
            {
                var next = _waiting.Dequeue();
                Volatile.Write(ref _state, _waiting.Count > 0 ? Awaited : Held);
                if (!next.TrySetResult(true))
                    continue;
                if (isOverdue && _waiting.Count > 0)
                    _ = SkipAsync([.. _waiting]);
                return;
            }

            Volatile.Write(ref _state, Free);
        }
    }

    private static async Task SkipAsync(Waiter[] late)
    {
        await Task.Delay(_grace).ConfigureAwait(false);
        foreach (var waiter in late)
        {
            if (!waiter.IsPatient)
                waiter.TrySetResult(false);
        }
    }

    private async Task<bool> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        Enqueue(waiter);
        using (cancellationToken.Register(static waiter => ((Waiter)waiter!).TrySetCanceled(), waiter))
            return await waiter.Task.ConfigureAwait(false);
    }

    private void Enqueue(Waiter waiter)
    {
        lock (_waiting)
        {
            while (true)
            {
                if (TryEnter())
                {
                    waiter.SetResult(true);
                    return;
                }

                if (Interlocked.CompareExchange(ref _state, Awaited, Held) == Free)
                    continue;
                _waiting.Enqueue(waiter);
                return;
            }
        }
    }

    private sealed class Waiter(bool isPatient)
        : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool IsPatient { get; } = isPatient;
    }
}
