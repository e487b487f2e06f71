using System.Net;

namespace Chat.Engine.Connections;

/// <summary>A transport's connection as the engine uses it. Receiving and sending may fail; the loops that do it expect
/// that. Everything else is called where an exception would end more than this connection (timers, the accept loop):
/// here it is logged instead.</summary>
internal sealed class GuardedConnection(IClientConnection inner, ILogger logger)
    : IClientConnection, IReceiveReadiness, ISendProgress
{
    public string Id
    {
        get
        {
            try
            {
                return inner.Id ?? "";
            }
            catch (Exception exception)
            {
                EngineLog.TransportFailed(logger, exception, nameof(Id));
                return "";
            }
        }
    }

    public EndPoint? RemoteEndPoint
    {
        get
        {
            try
            {
                return inner.RemoteEndPoint;
            }
            catch (Exception exception)
            {
                EngineLog.TransportFailed(logger, exception, nameof(RemoteEndPoint));
                return null;
            }
        }
    }

    public long? AcknowledgedBytes
    {
        get
        {
            try
            {
                return (inner as ISendProgress)?.AcknowledgedBytes;
            }
            catch (Exception exception)
            {
                EngineLog.TransportFailed(logger, exception, nameof(AcknowledgedBytes));
                return null;
            }
        }
    }

    public ValueTask WaitToReceiveAsync(CancellationToken cancellationToken) =>
        inner is IReceiveReadiness readiness ? readiness.WaitToReceiveAsync(cancellationToken) : default;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(buffer, cancellationToken);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        inner.SendAsync(bytes, cancellationToken);

    public void Abort()
    {
        try
        {
            inner.Abort();
        }
        catch (Exception exception)
        {
            EngineLog.TransportFailed(logger, exception, nameof(Abort));
        }
    }

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
