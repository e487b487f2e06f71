namespace Chat.Engine.Observers;

/// <summary>A call of an observer or a timer. It has no result, and nobody waits for it.</summary>
internal readonly struct UnansweredCall(Func<CancellationToken, ValueTask> call) : IPluginCall<bool>
{
    /// <summary>Makes a call and reports its failure. Does nothing while an abandoned call is still running, so calls
    /// never overlap.</summary>
    /// <returns>A task that completes when the call ends or its time budget expires. If the lease's owner is ending, it
    /// completes only when the call ends.</returns>
    /// <exception cref="LeaseLostException">The call returned after its lease was revoked; another runner has taken
    /// over.</exception>
    public static async ValueTask RunAsync(
        CallTarget target, Lease lease, TimeProvider clock, int depth, Func<CancellationToken, ValueTask> call)
    {
        if (target.Statistics.InFlight > 0)
            return;
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isCalled = false;
        try
        {
            CallOutcome<bool> outcome;
            do
            {
                outcome = await PluginCall.RunAsync<UnansweredCall, bool>(new(Invoke), target, lease, clock, depth)
                    .ConfigureAwait(false);
            }
            while (outcome.IsSkipped && !lease.IsEnding);

            if (outcome.Fault is { } fault)
                target.Fault(target.Statistics.InFlight > 0 ? StillRunning(fault) : fault, policy: null);
        }
        catch (OperationCanceledException) when (lease.IsEnding)
        {
            // The plugin is being removed; it must not be unloaded before its call has ended.
            if (isCalled)
                await ended.Task.ConfigureAwait(false);
        }

        async ValueTask Invoke(CancellationToken cancellationToken)
        {
            isCalled = true;
            target.Statistics.Called();
            try
            {
                await call(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                ended.TrySetResult(true);
            }
        }
    }

    private static TimeoutException StillRunning(Exception fault) =>
        new($"{fault.Message}, and is not called again before it has ended");

    public async ValueTask<bool> InvokeAsync(CancellationToken cancellationToken)
    {
        await call(cancellationToken).ConfigureAwait(false);
        return true;
    }
}
