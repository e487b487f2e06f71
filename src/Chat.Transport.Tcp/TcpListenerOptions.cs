namespace Chat.Transport.Tcp;

/// <summary>Where a TCP listener listens and how its sockets behave.</summary>
public sealed class TcpListenerOptions
{
    /// <summary>The address to listen on: an IP address, a host name, or <c>*</c> for all addresses of this machine.
    /// <c>::</c> and <c>[::]</c> mean all addresses too, those of IPv4 included.</summary>
    /// <value>Default <c>127.0.0.1</c>: reachable from this machine only.</value>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 for any free one.</summary>
    /// <value>From 0 to 65535; default 8888.</value>
    public int Port { get; set; } = 8888;

    /// <summary>How many bytes the system may hold for a client that does not read.</summary>
    /// <value>From 4096 to 16 MiB; default 64 KiB. Left to itself, Linux holds more than 4 MiB for each client.</value>
    public int SendBufferBytes { get; set; } = 64 * 1024;

    /// <summary>How many connections may wait to be accepted.</summary>
    /// <value>From 1 to 65535; default 512.</value>
    public int Backlog { get; set; } = 512;

    /// <summary>How long to wait, after the last byte has been sent, for the client to close its side.</summary>
    /// <value>From 0 to 1 minute; default 2 s.</value>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long bytes on their way to a client may stay unacknowledged before the system gives the connection
    /// up, because the client has vanished or reads nothing. Keep it well above the server's own limit for the latter,
    /// <see cref="ChatServerOptions.SendTimeout"/>, which logs the reason. (<c>TCP_USER_TIMEOUT</c>, RFC 5482; Linux
    /// only.)</summary>
    /// <value>From 1 s to 1 day; default 30 s.</value>
    public TimeSpan UserTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock for timeouts.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ChatOptionsException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        ChatOptionsException.ThrowIfEmpty(Host, nameof(Host));
        ChatOptionsException.ThrowIfOutOfRange(Port, 0, 65535, nameof(Port));
        ChatOptionsException.ThrowIfOutOfRange(SendBufferBytes, 4096, 16 * 1024 * 1024, nameof(SendBufferBytes));
        ChatOptionsException.ThrowIfOutOfRange(Backlog, 1, 65535, nameof(Backlog));
        ChatOptionsException.ThrowIfOutOfRange(
            UserTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(UserTimeout));
        ChatOptionsException.ThrowIfOutOfRange(Linger, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(Linger));
    }
}
