namespace Chat.Engine.Observers;

/// <summary>Follows the server's feed for one observer: one event at a time, in order, at the observer's own
/// pace.</summary>
internal sealed class ObserverPump(
    Observer observer, CallTarget target, Watchdog watchdog, TimeProvider clock, ILogger logger) : ILeaseOwner
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AsyncAutoResetEvent _signal = new();
    private readonly LogThrottle _lapses = new(clock);
    private long _missed;
    private RoomDirectory? _rooms;
    private Follower? _follower;

    public void Start(RoomDirectory rooms)
    {
        _rooms = rooms;
        _follower = rooms.Feed.Follow(_signal);

        // Not on the caller's thread: the feed may already hold events.
        _ = Task.Run(() => RunAsync(new Lease(this, watchdog, _stopping.Token)));
    }

    /// <summary>Stops following the feed.</summary>
    /// <returns>A task that completes when the observer is no longer being called.</returns>
    public async Task StopAsync()
    {
        await _stopping.CancelOnPoolAsync(exception => target.Fault(exception, policy: null)).ConfigureAwait(false);
        _signal.Wake();
        if (_follower is not null)
            await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>Abandons the call that the observer is stuck in. Its event counts as observed; a new loop continues
    /// with the next.</summary>
    void ILeaseOwner.TakeOver(Lease lost) => _ = Task.Run(() =>
    {
        target.Fault(PluginCall.TimeUp(target), policy: null);
        return RunAsync(new Lease(this, watchdog, _stopping.Token));
    });

    private async Task RunAsync(Lease lease)
    {
        try
        {
            await FollowAsync(_follower!, lease).ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            return;
        }

        lease.Release();
        _rooms!.Feed.Unfollow(_follower!);
        AnswerRest(_follower!);
        _ended.TrySetResult(true);
    }

    /// <summary>Answers the remaining questions in the feed, so that nobody waits for a removed observer.</summary>
    private static void AnswerRest(Follower follower)
    {
        while (follower.Peek(long.MaxValue, out _) is { } entry)
        {
            follower.Cursor++;
            (entry.Event as ObserversAsked)?.Answers.Answer();
        }
    }

    private async Task FollowAsync(Follower follower, Lease lease)
    {
        // A loop that takes over finds the events of the meantime without another signal.
        while (!_stopping.IsCancellationRequested)
        {
            await CatchUpAsync(follower, lease).ConfigureAwait(false);
            await _signal.WaitAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask CatchUpAsync(Follower follower, Lease lease)
    {
        while (!_stopping.IsCancellationRequested)
        {
            var entry = follower.Peek(long.MaxValue, out var lapped);
            if (lapped)
            {
                Missed(follower.Skip());
                continue;
            }

            if (entry is null)
                return;
            follower.Cursor++;
            var seen = (RoomEvent)entry.Event;
            if (seen is ObserversAsked asked)
                asked.Answers.Answer();
            else if (!IsOwn(seen))
                await CallAsync(seen, lease).ConfigureAwait(false);
        }
    }

    /// <summary>Logs missed events, at most once a minute, with the total since the last entry.</summary>
    private void Missed(long events)
    {
        _missed += events;
        if (_lapses.Next() > 1)
            return;
        EngineLog.ObserverLapped(logger, target.Identity.Id, _missed);
        _missed = 0;
    }

    private ValueTask CallAsync(RoomEvent seen, Lease lease) => UnansweredCall.RunAsync(
        target, lease, clock, DepthOf(seen), token => observer.OnEventAsync(seen, token));

    private static int DepthOf(RoomEvent seen) =>
        seen is OutcomeRecorded recorded ? recorded.Outcome.Message.Depth : seen.Depth;

    private bool IsOwn(RoomEvent seen) =>
        (seen is OutcomeRecorded recorded ? recorded.Outcome.Message.Cause : seen.Cause) == target.Identity.Owner;
}
