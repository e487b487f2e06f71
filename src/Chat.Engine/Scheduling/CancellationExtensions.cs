namespace Chat.Engine.Scheduling;

/// <summary>Cancels tokens that other code has been given.</summary>
internal static class CancellationExtensions
{
    /// <summary>Cancels on the pool: callbacks that other code has registered on the token may block or fail.</summary>
    /// <param name="source">The source.</param>
    /// <param name="onFailure">Receives what the callbacks throw.</param>
    public static Task CancelOnPoolAsync(this CancellationTokenSource source, Action<AggregateException> onFailure) =>
        Task.Run(() =>
        {
            try
            {
                source.Cancel();
            }
            catch (AggregateException exception)
            {
                onFailure(exception);
            }
        });
}
