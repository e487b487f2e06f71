using Chat.Engine.Diagnostics;

namespace Chat.Engine.Isolation;

/// <summary>Waits for a call of a plugin that did not answer at once, as long as its time budget lasts.</summary>
internal static class PendingCall
{
    /// <summary>Waits for the answer or the end of the budget. A later answer is thrown away.</summary>
    /// <returns>The answer, whether it has come in time, and if not, with what it was stopped, if it was: that tells where it was.</returns>
    /// <exception cref="OperationCanceledException">The lease's owner ends.</exception>
    public static async ValueTask<(Task<T> Answer, bool IsInTime, TimeoutException? Stopped)> WaitAsync<T>(Task<T> answer, CallTarget target, Lease lease, TimeProvider clock)
    {
        var token = lease.Token;
        target.Statistics.Waiting();
        using (var answered = CancellationTokenSource.CreateLinkedTokenSource(token))
        {
            await Task.WhenAny(answer, clock.After(target.Budget, answered.Token)).ConfigureAwait(false);
            answered.Cancel();
        }

        // What nobody waits for any more may still run, and die.
        if (!answer.IsCompleted)
            _ = lease.NoteGivenUpAsync(target, answer, clock);
        lease.AwaitNothing();

        // Whoever has answered, on whatever thread of its own, does not get our work on its hands.
        await Task.Yield();
        if (answer.IsCompleted)
        {
            target.Statistics.Answered();
            return (answer, true, null);
        }

        // Nobody waits for it any more; what it may yet fail with must not count as unobserved.
        _ = answer.ContinueWith(
            static (late, state) =>
            {
                ((CallTarget)state!).Statistics.Answered();
                _ = late.Exception;
            },
            target,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        if (lease.IsEnding)
            throw new OperationCanceledException();
        lease.CancelCall();
        await StopAsync(answer, target).ConfigureAwait(false);
        return (answer, false, target.StopGivenUp is null ? null : answer.Exception?.InnerException as TimeoutException);
    }

    /// <summary>
    /// What computes behind an <c>await</c> has no thread of its own to be stopped on: all that its owner does now is stopped, which is this,
    /// as nobody else is let in meanwhile. What only waits notices nothing.
    /// </summary>
    private static async Task StopAsync(Task answer, CallTarget target)
    {
        if (target.StopGivenUp is not { } stop)
            return;
        stop();
        await Task.WhenAny(answer, TimeProvider.System.After(Watchdog.Grace, CancellationToken.None)).ConfigureAwait(false);
        target.StopGivenUpEnded?.Invoke();
    }
}
