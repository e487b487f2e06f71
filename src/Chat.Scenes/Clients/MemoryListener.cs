using System.Net;
using System.Threading.Channels;

namespace Chat.Scenes.Clients;

/// <summary>An in-memory transport. <see cref="Connect"/> connects a client.</summary>
/// <param name="capacity">How many bytes each direction of a connection holds. If that many are unread, sending
/// waits.</param>
public sealed class MemoryListener(int capacity = MemoryListener.DefaultCapacity) : IConnectionListener
{
    /// <summary>How many bytes each direction holds by default.</summary>
    public const int DefaultCapacity = 64 * 1024;

    private readonly Channel<MemoryConnection> _waiting = Channel.CreateBounded<MemoryConnection>(1024);
    private IOException? _failure;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new DnsEndPoint("memory", 0);

    /// <summary>Whether <see cref="ListenAsync"/> has been called.</summary>
    public bool IsBound { get; private set; }

    /// <summary>Whether the listener has been disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public ValueTask ListenAsync(CancellationToken cancellationToken)
    {
        IsBound = true;
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            throw failure;
        var isOpen = await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        return isOpen && _waiting.Reader.TryRead(out var connection) ? connection : null;
    }

    /// <summary>Makes the next accept fail once, as if the system were out of file descriptors.</summary>
    /// <param name="message">The message of the exception.</param>
    public void FailNextAccept(string message) => _failure = new IOException(message);

    /// <summary>Connects a client. It may do so before the server accepts.</summary>
    /// <param name="cancellationToken">Cancels every wait of the client: the token of the test.</param>
    /// <returns>The client's end.</returns>
    /// <exception cref="IOException">The listener has stopped, or too many clients are waiting.</exception>
    public TestClient Connect(CancellationToken cancellationToken = default) => Open(cancellationToken).Client;

    /// <summary>Connects a client, like <see cref="Connect"/>, and returns both ends.</summary>
    /// <param name="cancellationToken">Cancels every wait of the client.</param>
    /// <exception cref="IOException">The listener has stopped, or too many clients are waiting.</exception>
    public MemoryConnection Open(CancellationToken cancellationToken = default)
    {
        var connection = new MemoryConnection(capacity, cancellationToken);
        return _waiting.Writer.TryWrite(connection) ? connection : throw new IOException("Nobody is listening.");
    }

    /// <summary>Stops listening. Connections stay open.</summary>
    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _waiting.Writer.TryComplete();
        return default;
    }
}
