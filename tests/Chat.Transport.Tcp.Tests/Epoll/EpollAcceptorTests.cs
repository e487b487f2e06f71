using System.Net;
using System.Net.Sockets;
using Chat.Transport.Tcp.Epoll;
using Chat.Transport.Tcp.Sockets;

namespace Chat.Transport.Tcp.Tests.Epoll;

[Platform("Linux")]
[CancelAfter(15000)]
public sealed class EpollAcceptorTests
{
    /// <summary>The system gives the number of a closed socket to the next one.</summary>
    [Test, NonParallelizable]
    public async Task A_socket_that_has_got_the_number_of_the_listening_one_is_left_alone(
        CancellationToken cancellationToken)
    {
        var listening = Listen();
        var number = (int)listening.Handle;
        using var acceptor = new EpollAcceptor(listening, new Linger(TimeSpan.Zero, TimeProvider.System));
        listening.Dispose();
        var heirs = new List<Socket> { Listen() };
        while ((int)heirs[^1].Handle != number && heirs.Count < 100)
            heirs.Add(Listen());
        Assume.That((int)heirs[^1].Handle, Is.EqualTo(number));
        heirs[^1].Blocking = false;
        using var peer = await Peer.ConnectAsync(heirs[^1].LocalEndPoint!, cancellationToken);

        await Assert.ThatAsync(
            async () => await acceptor.AcceptAsync(cancellationToken), Throws.InstanceOf<ObjectDisposedException>());

        using var accepted = await heirs[^1].AcceptAsync(cancellationToken);
        Assert.That(accepted.RemoteEndPoint, Is.EqualTo(peer.Socket.LocalEndPoint));
        heirs.ForEach(heir => heir.Dispose());
    }

    [Test]
    public async Task All_that_wait_are_accepted_one_by_one(CancellationToken cancellationToken)
    {
        using var listening = Listen();
        using var acceptor = new EpollAcceptor(listening, new Linger(TimeSpan.Zero, TimeProvider.System));
        var peers = new List<EndPoint?>();
        for (var count = 0; count < 20; count++)
        {
            using var peer = await Peer.ConnectAsync(listening.LocalEndPoint!, cancellationToken);
            peers.Add(peer.Socket.LocalEndPoint);
        }

        var accepted = new List<EndPoint?>();
        while (accepted.Count < peers.Count)
        {
            var connection = await acceptor.AcceptAsync(cancellationToken);
            accepted.Add(connection.RemoteEndPoint);
            connection.Abort();
        }

        Assert.That(accepted, Is.EqualTo(peers));
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }
}
