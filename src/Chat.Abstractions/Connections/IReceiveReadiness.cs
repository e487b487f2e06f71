namespace Chat.Connections;

/// <summary>An optional interface of an <see cref="IClientConnection"/> that can wait for data without a buffer. An
/// idle connection then holds no buffer, which would be most of its memory.</summary>
public interface IReceiveReadiness
{
    /// <summary>Waits until <see cref="IClientConnection.ReceiveAsync"/> would complete: with bytes, the end, or a
    /// broken connection.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that may also complete early.</returns>
    /// <remarks>Not called while a receive is running.</remarks>
    /// <exception cref="IOException">The connection broke or was aborted.</exception>
    ValueTask WaitToReceiveAsync(CancellationToken cancellationToken);
}
