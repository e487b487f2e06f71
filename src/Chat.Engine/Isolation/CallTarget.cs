using Chat.Engine.Scheduling;
using Chat.Hooks;

namespace Chat.Engine.Isolation;

/// <summary>Something of a plugin that the server calls: a hook, a guard, an observer, a command, a timer. Who it is, and what is known of its calls.</summary>
internal sealed class CallTarget
{
    /// <summary>After so many calls what they run through has been compiled, but for rare turns.</summary>
    private const int CallsWhileNew = 100;

    private readonly HookTelemetry _telemetry;
    private readonly TimeSpan _warnAfter;

    public CallTarget(HookIdentity identity, TimeSpan budget, TimeSpan warnAfter, HookTelemetry telemetry, CircuitBreaker breaker)
    {
        Identity = identity;
        Budget = budget;
        _warnAfter = warnAfter;
        _telemetry = telemetry;
        Breaker = breaker;
    }

    public HookIdentity Identity { get; }

    /// <summary>How long one call may take.</summary>
    public TimeSpan Budget { get; }

    /// <summary>By which number the black box knows the owner; 0 when it does not.</summary>
    public int JournalNumber { get; init; }

    /// <summary>The calls of the owner that do not come back.</summary>
    public AbandonedCalls? Stuck { get; init; }

    /// <summary>Lets one call of the plugin in at a time; <see langword="null"/> when they may overlap.</summary>
    public AsyncLock? Gate { get; init; }

    /// <summary>Asks code that runs on a thread to end; <see langword="null"/> when it cannot be asked.</summary>
    public Action<Thread>? StopCall { get; init; }

    /// <summary>Takes <see cref="StopCall"/> back.</summary>
    public Action<Thread>? StopCallEnded { get; init; }

    /// <summary>Stops what a call goes on doing that has been given up; <see langword="null"/> when it cannot be stopped, or calls may overlap.</summary>
    public Action? StopGivenUp { get; init; }

    /// <summary>Takes <see cref="StopGivenUp"/> back.</summary>
    public Action? StopGivenUpEnded { get; init; }

    public CircuitBreaker Breaker { get; }

    public CallStatistics Statistics { get; } = new();

    /// <summary>Whether the runtime may still have a good part of it to compile.</summary>
    public bool IsNew => Statistics.Calls < CallsWhileNew;

    /// <summary>How often it has failed.</summary>
    public long Faults => _telemetry.Faults;

    /// <summary>The last failure in one line; <see langword="null"/> when there was none.</summary>
    public string? LastFault => _telemetry.LastFault;

    /// <summary>A call took so long.</summary>
    public void Took(TimeSpan time)
    {
        Statistics.Took(time);
        _telemetry.Took(time);
        if (time >= _warnAfter)
            ReportSlow();
    }

    /// <summary>A call has failed.</summary>
    /// <param name="exception">With what.</param>
    /// <param name="policy">What happens to the message; <see langword="null"/> when there is none.</param>
    /// <returns>The failure in one line.</returns>
    public string Fault(Exception exception, FailurePolicy? policy)
    {
        var fault = _telemetry.Fault(exception, policy);
        if (policy is not null && !HostFaultException.IsCauseOf(exception) && Breaker.Fault(atOnce: policy == FailurePolicy.Disable))
            _telemetry.Quarantined(policy == FailurePolicy.Disable ? "it failed, and its policy is disable" : $"it failed too often, the last time with {fault.TrimEnd('.')}");
        return fault;
    }

    /// <summary>It harms the whole server: a hook or guard goes out of use at once; of anything else that is reported.</summary>
    /// <param name="fault">What it does.</param>
    public void PutOutOfUse(string fault)
    {
        _telemetry.Fault(new InvalidOperationException(fault), policy: null);
        if (Identity.IsOfPipeline && Breaker.Fault(atOnce: true))
            _telemetry.Quarantined(fault);
    }

    /// <summary>It has been in shadow mode for a while.</summary>
    /// <param name="summary">How many lines would change.</param>
    /// <param name="differences">Some of them.</param>
    public void ReportShadow(string summary, IReadOnlyList<string> differences) => _telemetry.Shadowed(summary, differences);

    /// <summary>A call is taking longer than it should.</summary>
    public void ReportSlow() => _telemetry.Slow();

    /// <summary>A call has been left behind on its thread. Whoever waited for the gate gets in now.</summary>
    public void Abandon()
    {
        Statistics.Waiting();
        Stuck?.Enter();
        Breaker.EnterStuck();
        _telemetry.Abandoned(Budget);
        Gate?.Exit();
    }

    /// <summary>A call that was left behind has returned.</summary>
    public void ComeBack()
    {
        Statistics.Answered();
        Breaker.ExitStuck();
        Stuck?.Exit();
        _telemetry.CameBack();
    }
}
