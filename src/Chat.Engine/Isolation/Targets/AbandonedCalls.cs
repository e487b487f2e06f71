namespace Chat.Engine.Isolation.Targets;

/// <summary>Counts the abandoned calls of one owner. Only code that unloads the owner waits for them. Safe from
/// any thread.</summary>
internal sealed class AbandonedCalls
{
    private readonly object _lock = new();
    private TaskCompletionSource<bool>? _none;
    private int _count;

    /// <summary>Completes when there are no abandoned calls.</summary>
    public Task None
    {
        get
        {
            lock (_lock)
                return _none?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Counts a call as abandoned.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _count++;
            _none ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Records the return of an abandoned call.</summary>
    public void Exit()
    {
        lock (_lock)
        {
            if (--_count > 0)
                return;
            _none!.SetResult(true);
            _none = null;
        }
    }
}
