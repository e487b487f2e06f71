using System.Net;
using Chat.Connections;
using Chat.Scenes.Clients;

namespace Chat.Engine.Tests.Connections;

/// <summary>
/// A transport that breaks its contract in one member: of the listener, or of the first connection it accepts.
/// </summary>
internal sealed class FaultyTransport(string member) : IConnectionListener
{
    private readonly MemoryListener _inner = new();
    private bool _hasAccepted, _hasFailed;

    public EndPoint EndPoint => member == "listener.EndPoint" ? throw Fault() : _inner.EndPoint;

    /// <summary>Connects a client, as <see cref="MemoryListener.Open"/> does.</summary>
    public MemoryConnection Open(CancellationToken cancellationToken) => _inner.Open(cancellationToken);

    public ValueTask ListenAsync(CancellationToken cancellationToken) => _inner.ListenAsync(cancellationToken);

    public async ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        if (member == "listener.AcceptAsync" && !_hasFailed)
        {
            _hasFailed = true;
            throw Fault();
        }

        var connection = await _inner.AcceptAsync(cancellationToken);
        if (connection is null || _hasAccepted)
            return connection;
        _hasAccepted = true;
        return new Connection(connection, member);
    }

    public async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        if (member == "listener.DisposeAsync")
            throw Fault();
    }

    private static InvalidOperationException Fault() => new("a fault of the transport");

    private sealed class Connection(IClientConnection inner, string member) : IClientConnection, ISendProgress
    {
        private readonly TaskCompletionSource<int> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Id => member == nameof(Id) ? throw Fault() : inner.Id;

        public EndPoint? RemoteEndPoint => member == nameof(RemoteEndPoint) ? throw Fault() : inner.RemoteEndPoint;

        public long? AcknowledgedBytes => member == nameof(AcknowledgedBytes) ? throw Fault() : null;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => member switch
        {
            nameof(ReceiveAsync) => throw Fault(),
            "ReceiveAsync, too much" => new ValueTask<int>(buffer.Length + 1),
            "ReceiveAsync, less than nothing" => new ValueTask<int>(-1),
            _ => inner.ReceiveAsync(buffer, cancellationToken),
        };

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop) => member switch
        {
            nameof(SendAsync) => throw Fault(),
            "SendAsync, too much" => new ValueTask<int>(bytes.Length + 1),
            nameof(Abort) or nameof(AcknowledgedBytes) => new ValueTask<int>(_aborted.Task),
            _ => inner.SendAsync(bytes, stop),
        };

        public void Abort()
        {
            _aborted.TrySetException(new IOException("aborted"));
            inner.Abort();
            if (member == nameof(Abort))
                throw Fault();
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            if (member == nameof(DisposeAsync))
                throw Fault();
        }
    }
}
