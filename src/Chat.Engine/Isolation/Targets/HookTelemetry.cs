namespace Chat.Engine.Isolation.Targets;

/// <summary>Measures one hook and reports on it. Every fault is counted; at most one a minute is logged, with the
/// number of faults since the last one.</summary>
internal sealed class HookTelemetry(HookIdentity identity, ChatMetrics metrics, ILogger logger, TimeProvider clock)
{
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private readonly KeyValuePair<string, object?> _tag = new("hook", identity.Id);
    private readonly object _lock = new();
    private long _faults, _unlogged;
    private long? _loggedAt, _slowLoggedAt;

    /// <summary>The number of faults.</summary>
    public long Faults => Volatile.Read(ref _faults);

    /// <summary>The last failure in one line, including its origin; <see langword="null"/> if there was none.</summary>
    public string? LastFault { get; private set; }

    public void Took(TimeSpan time)
    {
        if (metrics.HookDuration.Enabled)
            metrics.HookDuration.Record(time.TotalSeconds, _tag);
    }

    /// <returns>The fault in one line.</returns>
    public string Fault(Exception exception, FailurePolicy? policy)
    {
        var kind = exception is TimeoutException ? "timeout" : "exception";
        metrics.HookFaults.Add(1, _tag, new KeyValuePair<string, object?>("kind", kind));
        var fault = ExceptionText.Describe(exception);
        long unlogged;
        lock (_lock)
        {
            _faults++;
            LastFault = fault;
            if (IsQuiet(_loggedAt))
            {
                _unlogged++;
                return fault;
            }

            unlogged = _unlogged;
            _unlogged = 0;
            _loggedAt = clock.GetTimestamp();
        }

        var consequence = policy is null ? "" : $" Policy: {policy}.";
        var more = unlogged > 0 ? $" Not logged since the last time: {unlogged}." : "";
        EngineLog.HookFailed(
            logger, identity.Kind, identity.Id, identity.Source, fault.TrimEnd('.'), consequence, more);
        if (logger.IsEnabled(LogLevel.Debug))
            EngineLog.HookFaultDetails(logger, identity.Kind, identity.Id, ExceptionText.Details(exception));
        return fault;
    }

    public void Slow()
    {
        lock (_lock)
        {
            if (IsQuiet(_slowLoggedAt))
                return;
            _slowLoggedAt = clock.GetTimestamp();
        }

        var effect = identity.IsOfPipeline
            ? $" Who spoke waits for it. /hooks {identity.Id} shows how long it takes."
            : "";
        EngineLog.HookSlow(logger, identity.Kind, identity.Id, identity.Source, effect);
    }

    public void Shadowed(string summary, IReadOnlyList<string> differences)
    {
        var lately = differences.Count == 0 ? "" : $" Lately: {string.Join("; ", differences)}.";
        EngineLog.HookShadowed(logger, identity.Kind, identity.Id, identity.Source, summary, lately);
    }

    public void Quarantined(string reason) =>
        EngineLog.HookDisabled(logger, identity.Kind, identity.Id, identity.Source, reason);

    public void Abandoned(TimeSpan budget) =>
        EngineLog.HookAbandoned(logger, identity.Kind, identity.Id, identity.Source, budget.TotalMilliseconds);

    public void CameBack() => EngineLog.HookCameBack(logger, identity.Kind, identity.Id, identity.Source);

    private bool IsQuiet(long? last) => last is { } at && clock.GetElapsedTime(at) < _quiet;
}
