namespace Chat.Scenes.Stages;

/// <summary>A timer that knows when it fires next, and reports when it has fired.</summary>
/// <param name="clock">The clock.</param>
/// <param name="callback">The callback.</param>
/// <param name="state">The argument of the callback.</param>
/// <param name="fired">Called with the state after the callback.</param>
/// <param name="forget">Called when the timer is disposed.</param>
internal sealed class SteppedTimer(
    TimeProvider clock, TimerCallback callback, object? state, Action<object?> fired, Action<SteppedTimer> forget)
    : ITimer
{
    private readonly object _lock = new();
    private ITimer? _timer;
    private TimeSpan _period;
    private DateTimeOffset? _due;

    /// <summary>When it fires next; <see langword="null"/> if it does not.</summary>
    public DateTimeOffset? Due
    {
        get
        {
            lock (_lock)
                return _due;
        }
    }

    /// <summary>Starts it. Called once, first of all.</summary>
    public void Start(TimeSpan dueTime, TimeSpan period)
    {
        Plan(dueTime, period);
        _timer = clock.CreateTimer(static timer => ((SteppedTimer)timer!).Fire(), this, dueTime, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Plan(dueTime, period);
        return _timer!.Change(dueTime, period);
    }

    public void Dispose()
    {
        forget(this);
        _timer?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private void Plan(TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _due = dueTime < TimeSpan.Zero ? null : clock.GetUtcNow() + dueTime;
            _period = period;
        }
    }

    private void Fire()
    {
        lock (_lock)
            _due = _period > TimeSpan.Zero ? _due + _period : null;
        callback(state);
        fired(state);
    }
}
