namespace Chat.Engine.Registrations;

/// <summary>Stops a plugin's code while all its hooks and guards are disabled and it has nothing else to call, and
/// reports when that is over. Safe from any thread.</summary>
/// <param name="breakers">The circuit breakers of the plugin's hooks and guards.</param>
/// <param name="stopper">Stops the plugin's code.</param>
internal sealed class DisabledPluginMonitor(IReadOnlyList<CircuitBreaker> breakers, ICallStopper stopper)
{
    private readonly object _lock = new();
    private bool _isOn;

    /// <summary>Starts monitoring an owner's circuit breakers, if its code can be stopped.</summary>
    public static void Begin(Registration registration, IEnumerable<PipelineStep> steps)
    {
        // Commands, observers and timers are still called while a hook is disabled, and must not be stopped with it.
        if (registration.Stopper is not { } stopper)
            return;
        if (registration.Commands.Count + registration.Observers.Count + registration.Timers.Count > 0)
            return;
        List<CircuitBreaker> breakers = [.. steps.Select(step => step.Target.Breaker)];
        var monitor = new DisabledPluginMonitor(breakers, stopper);
        foreach (var breaker in breakers)
            breaker.Changed = monitor.Update;
    }

    private void Update()
    {
        lock (_lock)
        {
            var isOn = breakers.All(breaker => breaker.IsOpen);
            if (isOn == _isOn)
                return;
            _isOn = isOn;
            if (isOn)
                stopper.StopAll();
            else
                stopper.StopAllEnded();
        }
    }
}
