namespace Chat.Engine.Isolation.Targets;

/// <summary>An owner's calls that have been left behind on their threads. Others do not wait for them; what would take the owner's code away does. Safe from any thread.</summary>
internal sealed class AbandonedCalls
{
    private readonly object _lock = new();
    private TaskCompletionSource<bool>? _none;
    private int _count;

    /// <summary>Completes when there is none.</summary>
    public Task None
    {
        get
        {
            lock (_lock)
                return _none?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>A call is left behind.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _count++;
            _none ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>A call that was left behind has returned.</summary>
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
