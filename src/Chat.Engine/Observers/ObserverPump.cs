using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Targets;
using Chat.Engine.Rooms;
using Chat.Events;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Observers;

/// <summary>Follows the server's feed for one observer: one event at a time, in order, at the observer's own pace.</summary>
internal sealed class ObserverPump(Observer observer, CallTarget target, Watchdog watchdog, TimeProvider clock, ILogger logger) : ILeaseOwner
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
        _follower = rooms.Feed.Follow(_signal)!;

        // Off the caller: something may have happened already.
        _ = Task.Run(() => RunAsync(new Lease(this, watchdog, _stopping.Token)));
    }

    /// <summary>Ends the following.</summary>
    /// <returns>Completes when the observer is not being called any more.</returns>
    public async Task StopAsync()
    {
        try
        {
            // On the pool: what the observer has registered on its token runs here, and may block or fail.
            await Task.Run(_stopping.Cancel).ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            target.Fault(exception, policy: null);
        }

        _signal.Wake();
        if (_follower is not null)
            await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>The observer is stuck: the event it is stuck with counts as seen, and another loop goes on with the next.</summary>
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
        _rooms!.Unfollow(_follower!);
        AnswerRest(_follower!);
        _ended.TrySetResult(true);
    }

    /// <summary>Nobody waits for an observer that is gone.</summary>
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
        // Who takes over finds what has come in meanwhile without a further signal.
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
                await UnansweredCall.RunAsync(target, lease, clock, DepthOf(seen), token => observer.OnEventAsync(seen, token)).ConfigureAwait(false);
        }
    }

    /// <summary>Tells of missed events, once a minute at most: then of all there were since.</summary>
    private void Missed(long events)
    {
        _missed += events;
        if (_lapses.Next() > 1)
            return;
        EngineLog.ObserverLapped(logger, target.Identity.Id, _missed);
        _missed = 0;
    }

    private static int DepthOf(RoomEvent seen) => seen is OutcomeRecorded recorded ? recorded.Outcome.Message.Depth : seen.Depth;

    private bool IsOwn(RoomEvent seen) =>
        (seen is OutcomeRecorded recorded ? recorded.Outcome.Message.Cause : seen.Cause) == target.Identity.Owner;
}
