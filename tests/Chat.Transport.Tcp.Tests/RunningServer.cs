using System.Net;
using Chat.Engine;

namespace Chat.Transport.Tcp.Tests;

/// <summary>A whole server on a port of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly ChatServer _server;

    private RunningServer(ChatServer server, CollectingLogger log)
    {
        _server = server;
        Log = log;
    }

    public CollectingLogger Log { get; }

    public EndPoint EndPoint => _server.EndPoints[0];

    public static async Task<RunningServer> StartAsync(
        CancellationToken cancellationToken, Action<ChatServerOptions>? configure = null)
    {
        var log = new CollectingLogger();
        var server = ChatServer.Create(options =>
        {
            options.LoggerFactory = log;
            configure?.Invoke(options);
            if (options.Listeners.Count == 0)
                options.ListenTcp(0);
        });
        await server.StartAsync(cancellationToken);
        return new RunningServer(server, log);
    }

    /// <summary>Connects a client that has the nick and has read everything there was.</summary>
    public async Task<Peer> JoinAsync(string nick, CancellationToken cancellationToken, int receiveBufferBytes = 0)
    {
        var peer = await Peer.ConnectAsync(EndPoint, cancellationToken, receiveBufferBytes);
        await peer.SendAsync($"/nick {nick}\n", cancellationToken);
        await peer.PingAsync("joined", cancellationToken);
        return peer;
    }

    public Task StopAsync() => _server.StopAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
