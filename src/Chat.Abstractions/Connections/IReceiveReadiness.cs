namespace Chat.Connections;

/// <summary>
/// What a connection may offer besides <see cref="IClientConnection"/>: to be waited for without a buffer. An idle connection then
/// holds none, which is most of the memory it would take.
/// </summary>
public interface IReceiveReadiness
{
    /// <summary>Waits until <see cref="IClientConnection.ReceiveAsync"/> would have an answer: bytes, the end, or that the connection broke.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completes then; may do so early. Not called while a receive is running.</returns>
    /// <exception cref="IOException">The connection broke or was aborted.</exception>
    ValueTask WaitToReceiveAsync(CancellationToken cancellationToken);
}
