using System.Net;

namespace Chat.Engine.Connections;

/// <summary>A transport's connection as the engine uses it. Receiving and sending may fail; the loops that do it expect
/// that. Everything else is called where an exception would end more than this connection (timers, the accept loop):
/// here it is logged instead.</summary>
internal sealed class GuardedConnection(IClientConnection connection, ILogger logger)
    : IClientConnection, IReceiveReadiness, ISendProgress
{
    private IClientConnection _inner = connection;
    private bool _isAborted;

    public string Id
    {
        get
        {
            try
            {
                return _inner.Id ?? "";
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
                return _inner.RemoteEndPoint;
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
                return (_inner as ISendProgress)?.AcknowledgedBytes;
            }
            catch (Exception exception)
            {
                EngineLog.TransportFailed(logger, exception, nameof(AcknowledgedBytes));
                return null;
            }
        }
    }

    public ValueTask WaitToReceiveAsync(CancellationToken cancellationToken) =>
        _inner is IReceiveReadiness readiness ? readiness.WaitToReceiveAsync(cancellationToken) : default;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _inner.ReceiveAsync(buffer, cancellationToken);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _inner.SendAsync(bytes, cancellationToken);

    /// <summary>Opens a layer on the connection. Called before anything is received or sent.</summary>
    public async ValueTask AddAsync(IConnectionLayer layer, CancellationToken cancellationToken)
    {
        var upper = await layer.OpenAsync(_inner, cancellationToken).ConfigureAwait(false)
            ?? throw new IOException($"{layer.GetType().Name} opened on {Id}, but returned no connection.");
        Volatile.Write(ref _inner, upper);

        // An abort that came meanwhile has only reached the connection beneath.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAborted))
            Abort();
    }

    public void Abort()
    {
        Volatile.Write(ref _isAborted, true);
        Interlocked.MemoryBarrier();
        try
        {
            _inner.Abort();
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
            await _inner.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            EngineLog.TransportFailed(logger, exception, nameof(DisposeAsync));
        }
    }
}
