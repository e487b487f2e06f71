using System.Net;

namespace Chat.Scenes.Clients;

/// <summary>Both ends of an in-memory connection. Each direction holds a bounded number of bytes.</summary>
public sealed class MemoryConnection : IClientConnection
{
    private readonly MemoryPipe _fromClient;
    private readonly MemoryPipe _toClient;

    /// <summary>Creates a connection.</summary>
    /// <param name="capacity">How many bytes each direction holds. If that many are unread, sending waits.</param>
    /// <param name="cancellationToken">Cancels every wait of <see cref="Client"/>.</param>
    public MemoryConnection(
        int capacity = MemoryListener.DefaultCapacity, CancellationToken cancellationToken = default)
    {
        _fromClient = new MemoryPipe(capacity);
        _toClient = new MemoryPipe(capacity);
        ClientSide = new Side(this);
        Client = new TestClient(ClientSide, cancellationToken);
    }

    /// <summary>The client's end, as bytes. Use either this or <see cref="Client"/>, not both.</summary>
    public IClientSide ClientSide { get; }

    /// <summary>The client's end, as lines.</summary>
    public TestClient Client { get; }

    /// <inheritdoc/>
    public string Id { get; } = $"memory-{Guid.NewGuid():N}"[..15];

    /// <inheritdoc/>
    public EndPoint? RemoteEndPoint => null;

    /// <summary>Whether the server has closed or aborted the connection.</summary>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _fromClient.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _toClient.WriteAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public void Abort()
    {
        IsClosed = true;
        Break("The connection was aborted.");
    }

    /// <summary>Closes the connection: the client can still read what was sent to it, but send nothing more.</summary>
    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        _toClient.End();
        _fromClient.Break("The connection was closed.");
        return default;
    }

    private void Break(string reason)
    {
        _fromClient.Break(reason);
        _toClient.Break(reason);
    }

    private sealed class Side(MemoryConnection connection) : IClientSide
    {
        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            connection._toClient.ReadAsync(buffer, cancellationToken);

        public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            while (!bytes.IsEmpty)
            {
                var written = await connection._fromClient.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                bytes = bytes[written..];
            }
        }

        public void End() => connection._fromClient.End();

        public void Reset() => connection.Break("The client reset the connection.");

        public ValueTask DisposeAsync()
        {
            Reset();
            return default;
        }
    }
}
