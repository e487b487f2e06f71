namespace Chat.Connections;

/// <summary>A layer between a transport and the chat, such as TLS or telnet: it changes the bytes that pass. An option
/// of a listener. Safe from any thread.</summary>
public interface IConnectionLayer
{
    /// <summary>Opens the layer on a connection. May take its time, for a handshake; other connections do not
    /// wait.</summary>
    /// <param name="connection">The connection beneath. The layer's connection owns it. If opening fails, the caller
    /// closes it.</param>
    /// <param name="cancellationToken">Cancelled when the handshake takes too long or the server is stopping.</param>
    /// <returns>The connection above the layer.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">The peer breaks the layer's rules; the message says how, for the
    /// log.</exception>
    ValueTask<IClientConnection> OpenAsync(IClientConnection connection, CancellationToken cancellationToken);
}
