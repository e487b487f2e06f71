namespace Chat.PluginHost.Context;

/// <summary>Limits the calls during which messages wait for a plugin: saving, restoring, and taking settings.</summary>
internal static class StuckLines
{
    private static readonly TimeSpan _timeToStop = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits for such a call, and stops it if it takes too long and can be stopped, so that no callback
    /// overlaps it afterwards. A call that only waits does not notice and is abandoned.</summary>
    /// <returns>Whether the call has ended, in time or because it was stopped.</returns>
    public static async Task<bool> EndsAsync(
        Task call, Registration registration, PluginTimeouts timeouts, CancellationToken cancellationToken)
    {
        await call.WaitAsync(timeouts.HandOver, timeouts.Clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (call.IsCompleted || registration.Stopper is not { } stopper)
            return call.IsCompleted;
        stopper.StopGivenUp();
        await call.WaitAsync(_timeToStop, TimeProvider.System, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopper.StopGivenUpEnded();
        return call.IsCompleted;
    }
}
