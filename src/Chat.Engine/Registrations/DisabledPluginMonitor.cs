using Chat.Engine.Hooks;
using Chat.Engine.Isolation.Targets;

namespace Chat.Engine.Registrations;

/// <summary>
/// Tells an owner when nothing of it is called any more, because all its hooks and guards are disabled and it has nothing else, and when
/// that is over. Safe from any thread.
/// </summary>
/// <param name="breakers">Those of the hooks and guards.</param>
/// <param name="stopper">Stops the plugin's code.</param>
internal sealed class DisabledPluginMonitor(IReadOnlyList<CircuitBreaker> breakers, ICallStopper stopper)
{
    private readonly object _lock = new();
    private bool _isOn;

    /// <summary>Looks after the breakers of one owner from now on, where its code can be stopped.</summary>
    public static void Begin(Registration registration, IEnumerable<PipelineStep> bindings)
    {
        // A command, an observer or a timer goes on being called while a hook is disabled, and is not to be stopped with it.
        if (registration.Stopper is not { } stopper || registration.Commands.Count + registration.Observers.Count + registration.Timers.Count > 0)
            return;
        List<CircuitBreaker> breakers = [.. bindings.Select(binding => binding.Target.Breaker)];
        var watch = new DisabledPluginMonitor(breakers, stopper);
        foreach (var breaker in breakers)
            breaker.Changed = watch.Update;
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
