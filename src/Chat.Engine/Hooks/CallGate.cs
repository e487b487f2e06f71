namespace Chat.Engine.Hooks;

/// <summary>
/// Lets one call in at a time; others wait in the order they came. Entering a free gate and leaving one that nobody waits for is one
/// interlocked operation each.
/// </summary>
internal sealed class CallGate
{
    private const int Free = 0, Held = 1, Awaited = 2;

    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private int _state;

    /// <summary>Enters, unless somebody is in.</summary>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Held, Free) == Free;

    /// <summary>Enters as soon as all who came before have left.</summary>
    public Task EnterAsync()
    {
        lock (_waiting)
        {
            while (true)
            {
                if (TryEnter())
                    return Task.CompletedTask;
                if (Interlocked.CompareExchange(ref _state, Awaited, Held) == Free)
                    continue;
                var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Enqueue(turn);
                return turn.Task;
            }
        }
    }

    /// <summary>Leaves. From any thread: whoever has taken over the call leaves for it.</summary>
    public void Exit()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Held) == Held)
            return;
        lock (_waiting)
        {
            var next = _waiting.Dequeue();
            if (_waiting.Count == 0)
                Volatile.Write(ref _state, Held);
            next.SetResult(true);
        }
    }
}
