namespace Chat.Engine.Isolation;

/// <summary>Cancels the calls of one runner. Cancellation always runs on the pool, separately from whatever else ends
/// with the runner's owner, because the callbacks that plugins register on the token may block.</summary>
internal sealed class CallCancellation : IDisposable
{
    // Never disposed: it may still be canceled, read or reset after release, and it holds no resources.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;

    /// <param name="ending">Canceled when the runner's owner ends; cancels this token too.</param>
    public CallCancellation(CancellationToken ending)
    {
        Token = _source.Token;
        _registration = ending.Register(static self => ((CallCancellation)self!).End(), this);
    }

    /// <summary>The token passed to plugins.</summary>
    public CancellationToken Token { get; }

    /// <summary>Cancels the token permanently.</summary>
    public void End() => _ = Task.Run(Cancel);

    /// <summary>Unregisters from the owner's token.</summary>
    public void Dispose() => _registration.Dispose();

#if NET
    /// <summary>Drops all registrations on the token unless it is canceled.</summary>
    public void Forget() => _source.TryReset();
#endif

    private void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException)
        {
            // Exceptions in a plugin's cancellation callbacks are the plugin's own affair.
        }
        finally
        {
            Dispose();
        }
    }
}
