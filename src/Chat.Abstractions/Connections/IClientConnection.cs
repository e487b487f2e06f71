using System.Net;

namespace Chat.Connections;

/// <summary>One client's byte stream. Knows nothing of chat: framing, nicks and rooms are the engine's.</summary>
/// <remarks>
/// The engine keeps at most one <see cref="ReceiveAsync"/> and one <see cref="SendAsync"/> running at a time; the two may
/// overlap each other. <see cref="Abort"/> may come at any time from any thread.
/// </remarks>
public interface IClientConnection : IAsyncDisposable
{
    /// <summary>A short name for logs, unique within its transport.</summary>
    string Id { get; }

    /// <summary>The peer's address, or <see langword="null"/> where the transport has none.</summary>
    EndPoint? RemoteEndPoint { get; }

    /// <summary>Reads the next bytes from the peer.</summary>
    /// <param name="buffer">Where to put them. Not touched again once the returned task completes. Never empty.</param>
    /// <param name="cancellationToken">Ends the wait; bytes that arrive later stay unread.</param>
    /// <returns>How many bytes were read, at least 1; 0 when the peer will send no more (a clean end).</returns>
    /// <exception cref="IOException">The connection broke or was aborted; what came before it is not a clean end.</exception>
    /// <exception cref="InvalidDataException">The peer breaks the transport's rules; the message says how, and the engine closes and logs it.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends bytes to the peer, in order, as many as the transport takes at once.</summary>
    /// <param name="bytes">
    /// Whole encoded lines, terminators included; never empty. Shared with other connections, so not to be changed; not to be read once the
    /// returned task has completed.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; whether bytes were taken is then unknown, so the caller must close.</param>
    /// <returns>
    /// How many bytes were taken, from 1 to the length of <paramref name="bytes"/>. Completing with fewer lets the engine
    /// tell a slow reader (some bytes move) from a dead one (none do). Taken is not the same as read by the peer.
    /// </returns>
    /// <exception cref="IOException">The connection broke or was aborted.</exception>
    /// <remarks>
    /// Called in turn for all members of a room, on one thread: it must not block its caller. What cannot be done at once goes on in the
    /// returned task.
    /// </remarks>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Breaks the connection now, unsent bytes lost: pending and later calls fail. Any thread, any number of times.
    /// To close politely, dispose instead.
    /// </summary>
    void Abort();
}
