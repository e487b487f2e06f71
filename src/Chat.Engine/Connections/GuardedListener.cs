using System.Net;

namespace Chat.Engine.Connections;

/// <summary>A transport's listener as the engine uses it. Binding and accepting may fail; their callers expect
/// that. Everything else, on the connections too, is logged if it fails, and ends nothing.</summary>
internal sealed class GuardedListener(IConnectionListener inner, ILogger logger) : IAsyncDisposable
{
    public EndPoint EndPoint
    {
        get
        {
            try
            {
                return inner.EndPoint;
            }
            catch (Exception exception)
            {
                EngineLog.TransportFailed(logger, exception, nameof(EndPoint));
                return new DnsEndPoint("unknown", 0);
            }
        }
    }

    public ValueTask ListenAsync(CancellationToken cancellationToken) => inner.ListenAsync(cancellationToken);

    /// <summary>Waits for the next connection.</summary>
    public async ValueTask<GuardedConnection?> AcceptAsync(CancellationToken cancellationToken) =>
        await inner.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection
            ? new GuardedConnection(connection, logger)
            : null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await inner.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            EngineLog.TransportFailed(logger, exception, nameof(DisposeAsync));
        }
    }
}
