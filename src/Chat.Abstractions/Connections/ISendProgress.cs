namespace Chat.Connections;

/// <summary>What a connection may offer besides <see cref="IClientConnection"/>: how far the peer has come with what it
/// was sent. It tells a slow reader, whose system still acknowledges bytes, from a dead one when a send has been
/// waiting for room for a long time.</summary>
public interface ISendProgress
{
    /// <summary>How many bytes the peer's system has acknowledged since the connection was opened.</summary>
    /// <value>Never decreases; <see langword="null"/> if the system does not tell. Safe from any thread, also after the
    /// end.</value>
    long? AcknowledgedBytes { get; }
}
