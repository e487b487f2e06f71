using System.Net;

namespace Chat.Connections;

/// <summary>Accepts connections: the face of a transport.</summary>
public interface IConnectionListener : IAsyncDisposable
{
    /// <summary>Where clients connect to. Exact (the real port instead of 0) once <see cref="BindAsync"/> has completed.</summary>
    EndPoint EndPoint { get; }

    /// <summary>Takes the address and starts to queue connections. Called once, before the first accept.</summary>
    /// <param name="cancellationToken">Gives up; the listener is then disposed.</param>
    /// <exception cref="IOException">The address cannot be had, for example because it is in use; the message says which.</exception>
    ValueTask BindAsync(CancellationToken cancellationToken);

    /// <summary>Waits for the next connection. One caller at a time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The connection, owned by the caller; <see langword="null"/> once the listener has stopped for good.</returns>
    /// <exception cref="IOException">One connection could not be taken (for example too many open files); accepting can go on.</exception>
    ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken);
}
