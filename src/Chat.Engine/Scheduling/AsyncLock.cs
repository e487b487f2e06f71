namespace Chat.Engine.Scheduling;

/// <summary>
/// Lets one call in at a time; others wait in the order they came. Entering a free gate and leaving one that nobody waits for is one
/// interlocked operation each.
/// </summary>
internal sealed class AsyncLock
{
    private const int Free = 0, Held = 1, Awaited = 2;

    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private int _state;

    /// <summary>Enters, unless somebody is in.</summary>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Held, Free) == Free;

    /// <summary>Enters as soon as all who came before have left.</summary>
    /// <exception cref="OperationCanceledException">The token was set first: it has not entered.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var turn = TakeTurn();
        using (cancellationToken.Register(static turn => ((TaskCompletionSource<bool>)turn!).TrySetCanceled(), turn))
            await turn.Task.ConfigureAwait(false);
    }

    /// <summary>Leaves. From any thread: whoever has taken over the call leaves for it.</summary>
    public void Exit()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Held) == Held)
            return;
        lock (_waiting)
        {
            // Who has given up waiting is passed over.
            while (_waiting.Count > 0)
            {
                var next = _waiting.Dequeue();
                Volatile.Write(ref _state, _waiting.Count > 0 ? Awaited : Held);
                if (next.TrySetResult(true))
                    return;
            }

            Volatile.Write(ref _state, Free);
        }
    }

    private TaskCompletionSource<bool> TakeTurn()
    {
        var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            while (true)
            {
                if (TryEnter())
                {
                    turn.SetResult(true);
                    return turn;
                }

                if (Interlocked.CompareExchange(ref _state, Awaited, Held) == Free)
                    continue;
                _waiting.Enqueue(turn);
                return turn;
            }
        }
    }
}
