namespace Chat.Transport.Tcp;

/// <summary>Makes a server listen on TCP for telnet, nc and whatever else sends lines.</summary>
public static class ListenTcpExtensions
{
    /// <summary>Listens on a TCP port.</summary>
    /// <param name="options">The server's options.</param>
    /// <param name="port">The port; 0 for any free one, which <see cref="ChatServer.EndPoints"/> then tells.</param>
    /// <param name="host">The address; <c>*</c> for all addresses of this machine. By default, clients can connect from
    /// this machine only.</param>
    /// <returns>The same options.</returns>
    public static ChatServerOptions ListenTcp(this ChatServerOptions options, int port, string host = "127.0.0.1")
    {
        _ = options ?? throw new ArgumentNullException(nameof(options));
        return options.ListenTcp(new TcpListenerOptions { Host = host, Port = port, Clock = options.Clock });
    }

    /// <summary>Listens on a TCP port.</summary>
    /// <param name="options">The server's options.</param>
    /// <param name="listen">Where, and how the sockets behave.</param>
    /// <returns>The same options.</returns>
    public static ChatServerOptions ListenTcp(this ChatServerOptions options, TcpListenerOptions listen)
    {
        _ = options ?? throw new ArgumentNullException(nameof(options));
        options.Listeners.Add(
            new ChatListener(new TcpConnectionListener(listen)) { Layers = { new TelnetLayer(listen.Clock) } });
        return options;
    }
}
