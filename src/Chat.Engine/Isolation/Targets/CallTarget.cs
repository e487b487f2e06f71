namespace Chat.Engine.Isolation.Targets;

/// <summary>A hook, guard, observer, command or timer of a plugin: its identity and what is known about its
/// calls.</summary>
internal sealed class CallTarget
{
    /// <summary>The number of calls after which the code is compiled, except for rare branches.</summary>
    private const int CallsWhileNew = 100;

    private readonly HookTelemetry _telemetry;
    private readonly TimeSpan _warnAfter;

    public CallTarget(
        HookIdentity identity, TimeSpan budget, TimeSpan warnAfter, HookTelemetry telemetry, CircuitBreaker breaker)
    {
        Identity = identity;
        Budget = budget;
        _warnAfter = warnAfter;
        _telemetry = telemetry;
        Breaker = breaker;
    }

    public HookIdentity Identity { get; }

    /// <summary>The time budget of one call.</summary>
    public TimeSpan Budget { get; }

    /// <summary>The owner's number in the crash journal; 0 if it has none.</summary>
    public int JournalNumber { get; init; }

    /// <summary>The owner's abandoned calls.</summary>
    public AbandonedCalls? Stuck { get; init; }

    /// <summary>Serializes the plugin's calls; <see langword="null"/> if they may overlap.</summary>
    public AsyncLock? Gate { get; init; }

    /// <summary>Stops the plugin's code; <see langword="null"/> if it cannot be stopped.</summary>
    public ICallStopper? Stopper { get; init; }

    /// <summary>Stops abandoned calls; <see langword="null"/> if they cannot be stopped, or if calls may
    /// overlap.</summary>
    public ICallStopper? AbandonedStopper => Gate is null ? null : Stopper;

    public CircuitBreaker Breaker { get; }
    public CallStatistics Statistics { get; } = new();

    /// <summary>Whether the runtime may still have much of its code to compile.</summary>
    public bool IsNew => Statistics.Calls < CallsWhileNew;

    /// <summary>The number of failed calls.</summary>
    public long Faults => _telemetry.Faults;

    /// <summary>The last failure in one line; <see langword="null"/> if there was none.</summary>
    public string? LastFault => _telemetry.LastFault;

    /// <summary>Records the duration of a call and reports a slow one.</summary>
    public void Took(TimeSpan time)
    {
        Statistics.Took(time);
        _telemetry.Took(time);
        if (time >= _warnAfter)
            ReportSlow();
    }

    /// <summary>Records a failed call.</summary>
    /// <param name="exception">The cause.</param>
    /// <param name="policy">What happens to the message; <see langword="null"/> if there is no message.</param>
    /// <returns>The failure in one line.</returns>
    public string Fault(Exception exception, FailurePolicy? policy)
    {
        var fault = _telemetry.Fault(exception, policy);
        var isPlugins = policy is not null && !HostFaultException.IsCauseOf(exception);
        if (isPlugins && Breaker.Fault(atOnce: policy == FailurePolicy.Disable))
        {
            var reason = policy == FailurePolicy.Disable
                ? "it failed, and its policy is disable"
                : $"it failed too often, the last time with {fault.TrimEnd('.')}";
            _telemetry.Quarantined(reason);
        }

        return fault;
    }

    /// <summary>Disables a hook or guard that harms the whole server; any other target is only reported.</summary>
    /// <param name="fault">The harm that it does.</param>
    public void Disable(string fault)
    {
        _telemetry.Fault(new InvalidOperationException(fault), policy: null);
        if (Identity.IsOfPipeline && Breaker.Fault(atOnce: true))
            _telemetry.Quarantined(fault);
    }

    /// <summary>Reports the results of a hook in shadow mode.</summary>
    /// <param name="summary">The number of lines that would change.</param>
    /// <param name="differences">Some of those lines.</param>
    public void ReportShadow(string summary, IReadOnlyList<string> differences) =>
        _telemetry.Shadowed(summary, differences);

    /// <summary>Reports that a call is slow.</summary>
    public void ReportSlow() => _telemetry.Slow();

    /// <summary>Records that a call was abandoned on its thread, and admits the next caller at the gate.</summary>
    public void Abandon()
    {
        Statistics.Waiting();
        Stuck?.Enter();
        Breaker.EnterStuck();
        _telemetry.Abandoned(Budget);
        Gate?.Exit(isOverdue: true);
    }

    /// <summary>Records the return of an abandoned call.</summary>
    public void ComeBack()
    {
        Statistics.Answered();
        Breaker.ExitStuck();
        Stuck?.Exit();
        _telemetry.CameBack();
    }
}
