namespace Chat.Transport.Tcp;

/// <summary>Takes telnet's commands out of what clients send, and answers them (RFC 854, RFC 855). A client that sends
/// none is sent none.</summary>
/// <param name="clock">The clock for limits on commands; <see langword="null"/> for
/// <see cref="TimeProvider.System"/>.</param>
public sealed class TelnetLayer(TimeProvider? clock = null) : IConnectionLayer
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public ValueTask<IClientConnection> OpenAsync(
        IClientConnection connection, CancellationToken cancellationToken) =>
        new(new TelnetConnection(connection, _clock));
}
