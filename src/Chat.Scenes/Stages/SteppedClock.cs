using Chat.Engine.Observers;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Scenes.Stages;

/// <summary>A clock that stands still unless it is moved. It knows its timers and stops at each of them on the way: a
/// timer that fires every minute fires five times within five minutes, however long each call takes.</summary>
internal sealed class SteppedClock(FakeTimeProvider clock) : TimeProvider
{
    private readonly object _lock = new();
    private readonly HashSet<SteppedTimer> _timers = [];
    private readonly List<ITimedCall> _begun = [];

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(clock, callback, state, Begin, Forget);
        lock (_lock)
            _timers.Add(timer);
        timer.Start(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock.</summary>
    /// <returns><see langword="false"/> if there were too many stops.</returns>
    public async Task<bool> MoveAsync(TimeSpan by, Func<Task> settle, TimeSpan patience, int mostStops)
    {
        var end = GetUtcNow() + by;
        for (var stops = 0; stops < mostStops; stops++)
        {
            var next = NextStop();
            var isLast = next is null || next > end;
            var target = isLast ? end : next!.Value;
            if (target > GetUtcNow())
                clock.Advance(target - GetUtcNow());
            await WhenCallsEndAsync(patience).ConfigureAwait(false);
            await settle().ConfigureAwait(false);
            if (isLast)
                return true;
        }

        return false;
    }

    private DateTimeOffset? NextStop()
    {
        lock (_lock)
            return _timers.Min(timer => timer.Due);
    }

    private async Task WhenCallsEndAsync(TimeSpan patience)
    {
        List<ITimedCall> calls;
        lock (_lock)
        {
            calls = [.. _begun];
            _begun.Clear();
        }

        try
        {
            await Task.WhenAll(calls.Select(call => call.Ended)).WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A call waits for this clock, or for something that never happens. Time goes on without it.
        }
    }

    private void Begin(object? state)
    {
        if (state is not ITimedCall call)
            return;
        lock (_lock)
            _begun.Add(call);
    }

    private void Forget(SteppedTimer timer)
    {
        lock (_lock)
            _timers.Remove(timer);
    }
}
