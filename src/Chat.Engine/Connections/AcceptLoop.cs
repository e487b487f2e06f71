using Chat.Connections;
using Chat.Engine.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Connections;

/// <summary>Takes connections from one listener until it stops. When none can be taken it waits, from 10 ms up to 1 s, and tries again.</summary>
internal sealed class AcceptLoop(IConnectionListener listener, Action<IClientConnection> onAccepted, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private long? _loggedAt;

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
                onAccepted(connection);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is not IOException)
            {
                EngineLog.AcceptEnded(logger, listener.EndPoint, exception.Message);
                return;
            }
            catch (IOException exception)
            {
                Report(exception, delay);
                await clock.After(delay, cancellationToken).ConfigureAwait(false);
                delay = delay + delay < _longest ? delay + delay : _longest;
            }
        }
    }

    private void Report(IOException exception, TimeSpan delay)
    {
        if (_loggedAt is { } last && clock.GetElapsedTime(last) < _quiet)
            return;
        _loggedAt = clock.GetTimestamp();
        EngineLog.AcceptFailed(logger, listener.EndPoint, exception.Message, delay);
    }
}
