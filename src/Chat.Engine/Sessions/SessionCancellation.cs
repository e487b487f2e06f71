namespace Chat.Engine.Sessions;

/// <summary>Ends a session's read loop, and the hook it may be waiting for. Safe from any thread.</summary>
internal sealed class SessionCancellation(string sessionId, ILogger logger)
{
    // Never disposed: it may be cancelled just after the session has closed, and there is nothing to release.
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    /// <summary>Cancels the token on the pool: callbacks that plugins have registered on it may block or
    /// fail.</summary>
    public void Cancel() => _ = Task.Run(CancelNow);

    private void CancelNow()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException exception)
        {
            EngineLog.SessionFailed(logger, exception, sessionId);
        }
    }
}
