using System.Net;
using System.Threading.Channels;
using Chat.Connections;

namespace Chat.Scenes;

/// <summary>A transport that never leaves memory: <see cref="Connect"/> is a client coming in.</summary>
/// <param name="capacity">How many bytes one direction of a connection holds; when that many are unread, sending waits.</param>
public sealed class MemoryListener(int capacity = MemoryListener.DefaultCapacity) : IConnectionListener
{
    /// <summary>How many bytes one direction holds when nothing else is said.</summary>
    public const int DefaultCapacity = 64 * 1024;

    private readonly Channel<MemoryConnection> _waiting = Channel.CreateBounded<MemoryConnection>(1024);
    private IOException? _failure;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new DnsEndPoint("memory", 0);

    /// <summary>Whether <see cref="BindAsync"/> has been called.</summary>
    public bool IsBound { get; private set; }

    /// <summary>Whether the listener has been disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public ValueTask BindAsync(CancellationToken cancellationToken)
    {
        IsBound = true;
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            throw failure;
        return await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _waiting.Reader.TryRead(out var connection)
            ? connection
            : null;
    }

    /// <summary>Makes the next accept fail once, as it does when the system is out of file handles.</summary>
    /// <param name="message">What the exception says.</param>
    public void FailNextAccept(string message) => _failure = new IOException(message);

    /// <summary>Connects a client. It may connect before anybody accepts.</summary>
    /// <param name="cancellationToken">Ends every wait of the client: the test's own token.</param>
    /// <returns>The client's end.</returns>
    /// <exception cref="IOException">The listener has stopped, or too many clients are waiting.</exception>
    public TestClient Connect(CancellationToken cancellationToken = default) => Open(cancellationToken).Client;

    /// <summary>Connects a client, as <see cref="Connect"/> does, and gives both ends.</summary>
    /// <param name="cancellationToken">Ends every wait of the client.</param>
    /// <exception cref="IOException">The listener has stopped, or too many clients are waiting.</exception>
    public MemoryConnection Open(CancellationToken cancellationToken = default)
    {
        var connection = new MemoryConnection(capacity, cancellationToken);
        return _waiting.Writer.TryWrite(connection) ? connection : throw new IOException("Nobody listens.");
    }

    /// <summary>Stops listening. Connections stay.</summary>
    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _waiting.Writer.TryComplete();
        return default;
    }
}
