namespace Chat.Engine.Connections;

/// <summary>Accepts connections from one listener until it stops. If accepting fails, for whatever reason, the loop
/// waits, from 10 ms up to 1 s, and tries again: what is wrong with one connection is not taken for the end of the
/// listener.</summary>
/// <param name="listener">The listener, bound; not owned.</param>
/// <param name="onAccepted">Takes each connection over.</param>
/// <param name="clock">The clock for the waits.</param>
/// <param name="logger">Where failures are told, at most one a minute.</param>
internal sealed class AcceptLoop(
    GuardedListener listener, Action<GuardedConnection> onAccepted, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);

    private readonly LogThrottle _failures = new(clock);

    /// <summary>Runs until the listener has stopped or the token is set. Never fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var delay = _shortest;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await listener.AcceptAsync(cancellationToken).ConfigureAwait(false) is not { } connection)
                    return;
                delay = _shortest;
                Serve(connection);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException exception)
            {
                EngineLog.AcceptEnded(logger, listener.EndPoint, exception.Message);
                return;
            }
            catch (Exception exception)
            {
                if (_failures.Next() == 1)
                    EngineLog.AcceptFailed(logger, listener.EndPoint, exception.Message, delay);
                await clock.After(delay, cancellationToken).ConfigureAwait(false);
                delay = delay + delay < _longest ? delay + delay : _longest;
            }
        }
    }

    private void Serve(GuardedConnection connection)
    {
        try
        {
            onAccepted(connection);
        }
        catch (Exception exception)
        {
            EngineLog.SessionFailed(logger, exception, connection.Id);
            connection.Abort();
        }
    }
}
