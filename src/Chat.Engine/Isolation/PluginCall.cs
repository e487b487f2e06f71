using System.Runtime.CompilerServices;

namespace Chat.Engine.Isolation;

/// <summary>The only way into a plugin's code and into commands. It serializes calls if the plugin requires it, has the
/// watchdog watch a call while it runs and a clock while it is awaited, and catches its exceptions. The caller decides
/// what a failure means.</summary>
internal static class PluginCall
{
    /// <summary>Makes a call. A call that completes synchronously allocates nothing. The caller must have called
    /// <see cref="Lease.Begin"/> on this thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="target">The hook, guard, observer, command or timer that is called.</param>
    /// <param name="lease">The caller's lease.</param>
    /// <param name="clock">Measures the time budget.</param>
    /// <param name="depth">The number of plugin messages that led to this call.</param>
    /// <param name="result">The result if this method returns <see langword="true"/>.</param>
    /// <param name="pending">Completes with the outcome if this method returns <see langword="false"/>; throws as
    /// <see cref="RunAsync"/> does.</param>
    /// <exception cref="LeaseLostException">The call returned too late; another runner has taken over.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRun<TCall, T>(
        TCall call, CallTarget target, Lease lease, TimeProvider clock, int depth, out T result,
        out ValueTask<CallOutcome<T>> pending)
        where TCall : struct, IPluginCall<T>
    {
        result = default!;
        if (target.Gate is { } gate && !gate.TryEnter())
        {
            pending = RunBehindAsync<TCall, T>(call, target, lease, clock, depth);
            return false;
        }

        var answer = Start<TCall, T>(call, target, lease, depth);
        if (answer.IsCompletedSuccessfully)
        {
            pending = default;
            result = answer.Result;
            target.Gate?.Exit();
            return true;
        }

        pending = FinishAsync(answer, target, lease, clock);
        return false;
    }

    /// <summary>Makes a call and returns its outcome. Safe from any thread.</summary>
    /// <exception cref="LeaseLostException">The call returned too late; another runner has taken over.</exception>
    /// <exception cref="OperationCanceledException">The lease's owner is ending.</exception>
    public static ValueTask<CallOutcome<T>> RunAsync<TCall, T>(
        TCall call, CallTarget target, Lease lease, TimeProvider clock, int depth)
        where TCall : struct, IPluginCall<T>
    {
        lease.Begin();
        return TryRun(call, target, lease, clock, depth, out T result, out var pending)
            ? new(new CallOutcome<T>(result, null, false))
            : pending;
    }

    /// <summary>Creates the fault of a call that took longer than its time budget.</summary>
    public static TimeoutException TimeUp(CallTarget target) =>
        new($"it took longer than its time budget of {Durations.Text(target.Budget)}");

    private static ValueTask<T> Start<TCall, T>(TCall call, CallTarget target, Lease lease, int depth)
        where TCall : struct, IPluginCall<T>
    {
        ValueTask<T> answer;
        lease.Enter(target);
        try
        {
            answer = AmbientState.CallAsync<TCall, T>(call, depth, lease.Token);

            // The source behind a pending answer is the plugin's own code too.
            if (!answer.IsCompletedSuccessfully)
                answer = new ValueTask<T>(answer.AsTask());
        }
        catch (Exception exception)
        {
            answer = new ValueTask<T>(Task.FromException<T>(exception));
        }

        lease.Exit(answer.IsCompleted);
        return answer;
    }

    private static async ValueTask<CallOutcome<T>> RunBehindAsync<TCall, T>(
        TCall call, CallTarget target, Lease lease, TimeProvider clock, int depth)
        where TCall : struct, IPluginCall<T>
    {
        if (!await target.Gate!.TryEnterAsync(lease.Ending).ConfigureAwait(false))
            return new(default, null, IsSkipped: true);
        if (target.Breaker.IsOpen)
        {
            target.Gate.Exit();
            return new(default, null, IsSkipped: true);
        }

        lease.Begin();
        var answer = Start<TCall, T>(call, target, lease, depth);
        return await FinishAsync(answer, target, lease, clock).ConfigureAwait(false);
    }

    /// <summary>Waits up to the time budget for a call that did not complete successfully at once, then admits the
    /// plugin's next call.</summary>
    private static async ValueTask<CallOutcome<T>> FinishAsync<T>(
        ValueTask<T> answer, CallTarget target, Lease lease, TimeProvider clock)
    {
        var isOverdue = lease.WasLastCallStopped;
        try
        {
            var isLate = !answer.IsCompleted
                && !await IsInTimeAsync(answer.AsTask(), target, lease, clock).ConfigureAwait(false);
            lease.AwaitNothing();
            isOverdue |= isLate;

            // A call that was stopped by an exception reports where it was. An answer that came too late is discarded.
            return isLate && !answer.IsFaulted
                ? new(default, TimeUp(target), false)
                : new(await answer.ConfigureAwait(false), null, false);
        }
        catch (OperationCanceledException) when (lease.IsEnding)
        {
            throw;
        }
        catch (Exception exception)
        {
            return new(default, isOverdue && exception is not TimeoutException ? TimeUp(target) : exception, false);
        }
        finally
        {
            target.Gate?.Exit(isOverdue);
        }
    }

    /// <summary>Waits for the answer or the end of the time budget, whichever comes first. A later answer is
    /// discarded.</summary>
    /// <exception cref="OperationCanceledException">The lease's owner is ending.</exception>
    private static async ValueTask<bool> IsInTimeAsync<T>(
        Task<T> answer, CallTarget target, Lease lease, TimeProvider clock)
    {
        target.Statistics.Waiting();
        using (var answered = CancellationTokenSource.CreateLinkedTokenSource(lease.Token))
        {
            await Task.WhenAny(answer, clock.After(target.Budget, answered.Token)).ConfigureAwait(false);
            answered.Cancel();
        }

        // An abandoned call may still run and bring the process down.
        if (!answer.IsCompleted)
            _ = lease.RecordAbandonedAsync(target, answer, clock);
        lease.AwaitNothing();

        // The plugin's thread that completed the answer must not run the engine's code.
        await Task.Yield();
        if (answer.IsCompleted)
        {
            target.Statistics.Answered();
            return true;
        }

        _ = answer.ContinueWith(
            static (late, state) =>
            {
                ((CallTarget)state!).Statistics.Answered();

                // Observes the exception, so that it is not reported as unobserved.
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
        return false;
    }

    /// <summary>Stops a call that computes behind an <c>await</c>. Its thread is unknown, so all code of the plugin is
    /// stopped briefly; that affects this call only, because no other call is admitted meanwhile. Code that only waits
    /// is not affected.</summary>
    private static async Task StopAsync(Task answer, CallTarget target)
    {
        if (target.AbandonedStopper is not { } stopper)
            return;
        stopper.StopGivenUp();
        await Task.WhenAny(answer, TimeProvider.System.After(Watchdog.Grace, CancellationToken.None))
            .ConfigureAwait(false);
        stopper.StopGivenUpEnded();
    }
}
