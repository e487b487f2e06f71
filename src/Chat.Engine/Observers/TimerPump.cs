namespace Chat.Engine.Observers;

/// <summary>Calls one timer of a plugin at its interval. Calls never overlap: a tick that is due during a call waits
/// until the call ends.</summary>
internal sealed class TimerPump(RegisteredTimer timer, CallTarget target, Watchdog watchdog, TimeProvider clock)
    : ILeaseOwner, ITimedCall
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _lock = new();
    private TaskCompletionSource<bool> _due = NewSignal();
    private TaskCompletionSource<bool>? _call;
    private ITimer? _clockTimer;

    /// <inheritdoc/>
    public Task Ended
    {
        get
        {
            lock (_lock)
                return _call?.Task ?? Task.CompletedTask;
        }
    }

    public void Start()
    {
        _clockTimer = clock.CreateTimer(static pump => ((TimerPump)pump!).Tick(), this, timer.Interval, timer.Interval);

        // Not on the caller's thread: the first tick may already be due.
        _ = Task.Run(() => RunAsync(new Lease(this, watchdog, _stopping.Token)));
    }

    /// <summary>Stops the timer.</summary>
    /// <returns>A task that completes when the timer is no longer being called.</returns>
    public async Task StopAsync()
    {
        if (_clockTimer is not { } clockTimer)
            return;
        await clockTimer.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelOnPoolAsync(exception => target.Fault(exception, policy: null)).ConfigureAwait(false);
        Tick();
        await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>Abandons the call that the timer is stuck in. A new loop waits for the next tick.</summary>
    void ILeaseOwner.TakeOver(Lease lost) => _ = Task.Run(() =>
    {
        target.Fault(PluginCall.TimeUp(target), policy: null);
        CallEnded();
        return RunAsync(new Lease(this, watchdog, _stopping.Token));
    });

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tick()
    {
        lock (_lock)
        {
            _call ??= NewSignal();
            _due.TrySetResult(true);
        }
    }

    /// <summary>Ends the current call, unless another tick became due during it.</summary>
    private void CallEnded()
    {
        lock (_lock)
        {
            if (_due.Task.IsCompleted && !_stopping.IsCancellationRequested)
                return;
            _call?.TrySetResult(true);
            _call = null;
        }
    }

    private async Task RunAsync(Lease lease)
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await DueAsync().ConfigureAwait(false);
                if (!_stopping.IsCancellationRequested)
                {
                    await UnansweredCall.RunAsync(target, lease, clock, depth: 0, _ => timer.Tick())
                        .ConfigureAwait(false);
                }

                CallEnded();
            }
        }
        catch (LeaseLostException)
        {
            return;
        }

        lease.Release();
        _ended.TrySetResult(true);
    }

    private async Task DueAsync()
    {
        Task due;
        lock (_lock)
            due = _due.Task;
        await due.ConfigureAwait(false);
        lock (_lock)
            _due = NewSignal();
    }
}
