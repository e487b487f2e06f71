using System.Net;

namespace Chat.Connections;

/// <summary>Accepts the connections of a transport.</summary>
public interface IConnectionListener : IAsyncDisposable
{
    /// <summary>The address that clients connect to. Exact (the real port instead of 0) after <see cref="ListenAsync"/>
    /// has completed.</summary>
    EndPoint EndPoint { get; }

    /// <summary>Binds the address and starts to queue connections. Called once, before the first accept.</summary>
    /// <param name="cancellationToken">Cancels the operation; the listener is then disposed.</param>
    /// <exception cref="IOException">The address cannot be bound, for example because it is in use; the message names
    /// the address.</exception>
    ValueTask ListenAsync(CancellationToken cancellationToken);

    /// <summary>Waits for the next connection. One caller at a time.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The connection, owned by the caller; <see langword="null"/> if the listener has stopped for
    /// good.</returns>
    /// <exception cref="IOException">One connection could not be accepted (for example, too many open files); accepting
    /// can continue.</exception>
    ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken);
}
