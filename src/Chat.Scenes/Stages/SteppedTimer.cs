namespace Chat.Scenes.Stages;

/// <summary>A timer that can be asked when it fires next, and tells when it has.</summary>
/// <param name="clock">The clock it goes by.</param>
/// <param name="callback">What it calls.</param>
/// <param name="state">What it calls it with.</param>
/// <param name="fired">Told, with the state, that it has been called.</param>
/// <param name="forget">Told that it never fires again.</param>
internal sealed class SteppedTimer(TimeProvider clock, TimerCallback callback, object? state, Action<object?> fired, Action<SteppedTimer> forget) : ITimer
{
    private readonly object _lock = new();
    private ITimer? _timer;
    private TimeSpan _period;
    private DateTimeOffset? _due;

    /// <summary>When it fires next; <see langword="null"/> when it does not.</summary>
    public DateTimeOffset? Due
    {
        get
        {
            lock (_lock)
                return _due;
        }
    }

    /// <summary>Sets it for the first time.</summary>
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
