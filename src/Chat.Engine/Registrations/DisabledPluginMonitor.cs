using Chat.Engine.Hooks;
using Chat.Engine.Isolation;

namespace Chat.Engine.Registrations;

/// <summary>
/// Tells an owner when nothing of it is called any more, because all its hooks and guards are out of use and it has nothing else, and when
/// that is over. Safe from any thread.
/// </summary>
/// <param name="breakers">Those of the hooks and guards.</param>
/// <param name="begun">Called when it begins.</param>
/// <param name="ended">Called when it is over.</param>
internal sealed class DisabledPluginMonitor(IReadOnlyList<CircuitBreaker> breakers, Action begun, Action? ended)
{
    private readonly object _lock = new();
    private bool _isOn;

    /// <summary>Looks after the breakers of one owner from now on, where its code can be stopped.</summary>
    public static void Begin(Registration registration, IEnumerable<PipelineStep> bindings)
    {
        // A command, an observer or a timer goes on being called while a hook is out of use, and is not to be stopped with it.
        if (registration.StopAll is not { } stop || registration.Commands.Count + registration.Observers.Count + registration.Timers.Count > 0)
            return;
        List<CircuitBreaker> breakers = [.. bindings.Select(binding => binding.Target.Breaker)];
        var watch = new DisabledPluginMonitor(breakers, stop, registration.StopAllEnded);
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
                begun();
            else
                ended?.Invoke();
        }
    }
}
