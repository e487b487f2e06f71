using System.Net.Sockets;
using System.Reflection;
using Chat.Connections;
using Chat.Transport.Tcp.Epoll;

namespace Chat.Transport.Tcp.Tests;

/// <summary>A listener, one connection it has accepted, and the peer at the other end.</summary>
internal sealed class TcpPair : IAsyncDisposable
{
    private readonly TcpConnectionListener _listener;

    private TcpPair(TcpConnectionListener listener, IClientConnection connection, Peer peer)
    {
        _listener = listener;
        Connection = connection;
        Peer = peer;
    }

    public IClientConnection Connection { get; }

    public Peer Peer { get; }

    /// <summary>The socket under the connection; the product itself has no use for showing it.</summary>
    public Socket Socket
    {
        get
        {
            var inner = Field<IClientConnection>(Connection);
            return inner is EpollConnection
                ? new Socket(new SafeSocketHandle(Field<Descriptor>(inner).Number, ownsHandle: false))
                : Field<Socket>(inner);
        }
    }

    public static async Task<TcpPair> MakeAsync(
        TcpListenerOptions options,
        CancellationToken cancellationToken,
        int receiveBufferBytes = 0,
        bool? usesLoops = null)
    {
        options.Port = 0;
        var listener = usesLoops is { } chosen ? new TcpConnectionListener(options, chosen) : new TcpConnectionListener(
            options);
        await listener.ListenAsync(cancellationToken);
        var peer = await Peer.ConnectAsync(listener.EndPoint, cancellationToken, receiveBufferBytes);
        var connection = await listener.AcceptAsync(cancellationToken);
        var layered = await new TelnetLayer(options.Clock).OpenAsync(connection!, cancellationToken);
        return new TcpPair(listener, layered, peer);
    }

    public async ValueTask DisposeAsync()
    {
        Peer.Dispose();
        Connection.Abort();
        await Connection.DisposeAsync();
        await _listener.DisposeAsync();
    }

    private static T Field<T>(object from) =>
        (T)from.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(field => field.GetValue(from)).First(value => value is T)!;
}
