using System.Net;
using Chat.Connections;

namespace Chat.Scenes;

/// <summary>Both ends of one connection that never leaves memory. Each direction holds a bounded number of bytes.</summary>
public sealed class MemoryConnection : IClientConnection
{
    private readonly MemoryPipe _fromClient;
    private readonly MemoryPipe _toClient;

    /// <summary>Opens a connection.</summary>
    /// <param name="capacity">How many bytes one direction holds; when that many are unread, sending waits.</param>
    /// <param name="cancellationToken">Ends every wait of <see cref="Client"/>.</param>
    public MemoryConnection(int capacity = MemoryListener.DefaultCapacity, CancellationToken cancellationToken = default)
    {
        _fromClient = new MemoryPipe(capacity);
        _toClient = new MemoryPipe(capacity);
        ClientSide = new Side(this);
        Client = new TestClient(ClientSide, cancellationToken);
    }

    /// <summary>The other end, as bytes. Not to be used together with <see cref="Client"/>.</summary>
    public IClientSide ClientSide { get; }

    /// <summary>The client at the other end.</summary>
    public TestClient Client { get; }

    /// <inheritdoc/>
    public string Id { get; } = $"memory-{Guid.NewGuid():N}"[..15];

    /// <inheritdoc/>
    public EndPoint? RemoteEndPoint => null;

    /// <summary>Whether the server has closed its end, politely or not.</summary>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _fromClient.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _toClient.WriteAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public void Abort()
    {
        IsClosed = true;
        Break("The connection was aborted.");
    }

    /// <summary>Closes politely: the client still reads what it was sent, and can send no more.</summary>
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
                bytes = bytes[await connection._fromClient.WriteAsync(bytes, cancellationToken).ConfigureAwait(false)..];
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
