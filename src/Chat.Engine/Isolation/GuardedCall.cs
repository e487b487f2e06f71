using Chat.Engine.Scheduling;

namespace Chat.Engine.Isolation;

/// <summary>Calls something of a plugin that nobody waits for and that has no answer, an observer or a timer: one at a time where that is asked, watched, failures reported.</summary>
internal static class GuardedCall
{
    /// <summary>Calls it. Returns when it has ended, or its budget has. While a call that has been given up is still out it is left alone, so that there is never more than one.</summary>
    /// <param name="target">Who is called.</param>
    /// <param name="lease">The runner's lease.</param>
    /// <param name="clock">For the budget.</param>
    /// <param name="depth">How many lines of plugins led to this.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="LeaseLostException">It came back too late; somebody else has gone on.</exception>
    public static async ValueTask RunAsync(CallTarget target, Lease lease, TimeProvider clock, int depth, Func<CancellationToken, ValueTask> call)
    {
        if (target.Statistics.InFlight > 0)
            return;
        if (target.Gate is { } gate && !gate.TryEnter() && !await HasEnteredAsync(gate, lease).ConfigureAwait(false))
            return;
        var isIn = true;
        var ended = Task.CompletedTask;
        try
        {
            target.Statistics.Called();
            CausalDepth.Current = depth;
            var calling = Call(target, lease, call);
            if (calling.IsCompleted)
            {
                lease.AwaitNothing();
                await calling.ConfigureAwait(false);
                return;
            }

            var task = AsTask(calling);
            ended = Task.WhenAny(task);
            var pending = await PendingCall.WaitAsync(task, target, lease, clock).ConfigureAwait(false);
            if (!pending.IsInTime && pending.Stopped is null)
                throw new TimeoutException($"it did not end within {target.Budget.TotalSeconds:0.###} s, and is not called again before it has");
            await pending.Answer.ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            isIn = false;
            throw;
        }
        catch (OperationCanceledException) when (lease.IsEnding)
        {
            // Whoever is called is being removed, and is gone once its call has ended. Others need not wait for that.
            isIn = false;
            target.Gate?.Exit();
            await ended.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            target.Fault(exception, policy: null);
        }
        finally
        {
            if (isIn)
                target.Gate?.Exit();
        }
    }

    /// <returns>Whether it is this call's turn; if not, whoever is called is being removed.</returns>
    private static async Task<bool> HasEnteredAsync(AsyncLock gate, Lease lease)
    {
        try
        {
            await gate.EnterAsync(lease.Ending).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> AsTask(ValueTask calling)
    {
        await calling.ConfigureAwait(false);
        return true;
    }

    private static ValueTask Call(CallTarget target, Lease lease, Func<CancellationToken, ValueTask> call)
    {
        lease.Begin();
        lease.Enter(target);
        ValueTask calling;
        try
        {
            calling = call(lease.Token);

            // What stands behind a call that has not ended yet is the plugin's own code too.
            if (!calling.IsCompletedSuccessfully)
                calling = new ValueTask(calling.AsTask());
        }
        catch (Exception exception)
        {
            calling = new ValueTask(Task.FromException(exception));
        }

        lease.Exit(calling.IsCompleted);
        return calling;
    }
}
