using Chat.Engine.Registrations;

namespace Chat.PluginHost.Versions;

/// <summary>The limit of what a plugin does while lines wait for it: saving, restoring, and taking settings.</summary>
internal static class StuckLines
{
    private static readonly TimeSpan _timeToStop = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits for such a call, and stops what can be stopped if it takes too long: no callback is to overlap it afterwards. What only waits does not notice, and is left to itself.</summary>
    /// <param name="call">The call.</param>
    /// <param name="registration">Whose call it is.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the call has ended, in time or because it was stopped.</returns>
    public static async Task<bool> EndsAsync(Task call, Registration registration, PluginHostOptions options, CancellationToken cancellationToken)
    {
        if (await EndsWithinAsync(call, options.HandOverTimeout, options.Clock, cancellationToken).ConfigureAwait(false))
            return true;
        if (registration.Stopper is not { } stopper)
            return false;
        stopper.StopGivenUp();
        try
        {
            return await EndsWithinAsync(call, _timeToStop, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            stopper.StopGivenUpEnded();
        }
    }

    private static async Task<bool> EndsWithinAsync(Task call, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await call.WaitAsync(limit, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return call.IsCompleted;
    }
}
