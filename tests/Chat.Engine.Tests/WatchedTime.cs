using Chat.Scenes.Clients;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests;

/// <summary>A clock that stands still and tells which timers have been set, so that a test moves it when somebody
/// waits.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    /// <summary>The times after which the timers set so far fire.</summary>
    public Collected<TimeSpan> Timers { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Timers.Add(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer of this length has been set, and lets it fire.</summary>
    public async Task PassAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await Timers.WaitForAsync(due => due == delay, cancellationToken);
        Advance(delay);
    }
}
