using Chat.Engine.Hooks;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Engine.Telemetry;
using Chat.Events;
using Chat.Hooks;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Followers;

/// <summary>Follows the server's feed for one observer: one event at a time, in order, at the observer's own pace.</summary>
internal sealed class ObserverPump(Observer observer, HookIdentity identity, HookTelemetry telemetry, ILogger logger)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly WakeSignal _signal = new();
    private Task _running = Task.CompletedTask;

    public void Start(RoomDirectory rooms)
    {
        var follower = rooms.Feed.Follow(_signal)!;
        _running = RunAsync(rooms, follower);
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
            telemetry.Fault(exception, FailurePolicy.Pass);
        }

        _signal.Wake();
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync(RoomDirectory rooms, Follower follower)
    {
        while (!_stopping.IsCancellationRequested)
        {
            await _signal.WaitAsync().ConfigureAwait(false);
            while (!_stopping.IsCancellationRequested)
            {
                var entry = follower.Peek(long.MaxValue, out var lapped);
                if (lapped)
                {
                    var missed = follower.Skip();
                    EngineLog.ObserverLapped(logger, identity.Id, missed);
                    continue;
                }

                if (entry is null)
                    break;
                follower.Cursor++;
                if (entry.Event is ObserversAsked asked)
                    asked.Answers.Answer();
                else if (!IsOwn((RoomEvent)entry.Event))
                    await ObserveAsync((RoomEvent)entry.Event).ConfigureAwait(false);
            }
        }

        rooms.Unfollow(follower);
        AnswerRest(follower);
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

    private bool IsOwn(RoomEvent seen) =>
        (seen is OutcomeRecorded recorded ? recorded.Outcome.Message.Cause : seen.Cause) == identity.Owner;

    private async ValueTask ObserveAsync(RoomEvent seen)
    {
        try
        {
            await observer.OnEventAsync(seen, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The observer is being removed.
        }
        catch (Exception exception)
        {
            telemetry.Fault(exception, FailurePolicy.Pass);
        }
    }
}
