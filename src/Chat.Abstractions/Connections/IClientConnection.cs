using System.Net;

namespace Chat.Connections;

/// <summary>The byte stream of one client. Knows nothing of chat: the engine handles framing, nicks and
/// rooms.</summary>
/// <remarks>The engine runs at most one <see cref="ReceiveAsync"/> and one <see cref="SendAsync"/> at a time; the two
/// may overlap. <see cref="Abort"/> may be called at any time from any thread.</remarks>
public interface IClientConnection : IAsyncDisposable
{
    /// <summary>A short name for logs, unique within its transport.</summary>
    string Id { get; }

    /// <summary>The peer's address; <see langword="null"/> if the transport has none.</summary>
    EndPoint? RemoteEndPoint { get; }

    /// <summary>Reads the next bytes from the peer.</summary>
    /// <param name="buffer">Receives the bytes. Not touched after the returned task completes. Never empty.</param>
    /// <param name="cancellationToken">Cancels the wait; bytes that arrive later stay unread.</param>
    /// <returns>The number of bytes read, at least 1; 0 if the peer will send no more (a clean end).</returns>
    /// <exception cref="IOException">The connection broke or was aborted; this is not a clean end.</exception>
    /// <exception cref="InvalidDataException">The peer violated the transport's rules. The message describes the
    /// violation; the engine closes the connection and logs it.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends bytes to the peer, in order, as many as the transport accepts at once.</summary>
    /// <param name="bytes">Whole encoded lines, terminators included; never empty. Shared with other connections: must
    /// not be modified, and must not be read after the returned task completes.</param>
    /// <param name="cancellationToken">Cancels the wait. Whether bytes were accepted is then unknown, so the caller
    /// must close the connection.</param>
    /// <returns>The number of bytes accepted, from 1 to the length of <paramref name="bytes"/>. Completing with fewer
    /// lets the engine tell a slow reader (some bytes move) from a dead one (none do). Accepted does not mean read by
    /// the peer.</returns>
    /// <exception cref="IOException">The connection broke or was aborted.</exception>
    /// <remarks>Called for one member of a room after the other on the same thread, so it must not block. Work that
    /// cannot be done at once continues in the returned task.</remarks>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Closes the connection at once and discards unsent bytes: pending and later calls fail. Safe from any
    /// thread, any number of times. To close gracefully, dispose the connection instead.</summary>
    void Abort();
}
