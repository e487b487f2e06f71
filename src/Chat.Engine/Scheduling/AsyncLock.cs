namespace Chat.Engine.Scheduling;

/// <summary>
/// Lets one caller in at a time; others wait in the order they came. Entering a free lock, and leaving one that nobody waits for, is one interlocked
/// operation each. Safe from any thread; whoever takes over a caller's work may leave for it.
/// </summary>
internal sealed class AsyncLock
{
    private const int Free = 0, Held = 1, Awaited = 2;

    /// <summary>How long a caller that has already waited for an overdue one may wait for those in front of it.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(15);

    private readonly Queue<Waiter> _waiting = new();
    private int _state;

    /// <summary>Enters, unless somebody is in.</summary>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Held, Free) == Free;

    /// <summary>Enters as soon as all who came before have left.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first: it has not entered.</exception>
    public Task EnterAsync(CancellationToken cancellationToken) => WaitAsync(new Waiter(isPatient: true), cancellationToken);

    /// <summary>Enters like <see cref="EnterAsync"/>, but does not wait for more than one overdue caller.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="false"/> if it has not entered: one caller was overdue, and others were still in front.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first: it has not entered.</exception>
    public Task<bool> TryEnterAsync(CancellationToken cancellationToken) => WaitAsync(new Waiter(isPatient: false), cancellationToken);

    /// <summary>Leaves.</summary>
    /// <param name="isOverdue">Whether the caller was in for too long, so that those who have waited for it must not wait for another such.</param>
    public void Exit(bool isOverdue = false)
    {
        if (Interlocked.CompareExchange(ref _state, Free, Held) == Held)
            return;
        lock (_waiting)
        {
            // Waiters that were cancelled or skipped are passed over.
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

    private sealed class Waiter(bool isPatient) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool IsPatient { get; } = isPatient;
    }
}
