namespace Chat.Engine.Diagnostics;

/// <summary>Waits by a server's own clock, on both target frameworks.</summary>
internal static class ClockExtensions
{
    /// <summary>Completes after a delay, or as soon as it is canceled; never faults.</summary>
    public static async Task After(this TimeProvider clock, TimeSpan delay, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = cancellationToken.Register(
            static state => ((TaskCompletionSource<bool>)state!).TrySetResult(true), done);
        using var timer = clock.CreateTimer(
            static state => ((TaskCompletionSource<bool>)state!).TrySetResult(true), done, delay,
            Timeout.InfiniteTimeSpan);
        await done.Task.ConfigureAwait(false);
    }
}
