using System.Net;
using System.Net.Sockets;

namespace Chat.Transport.Tcp.Tests;

[CancelAfter(15000)]
public sealed class TcpConnectionListenerTests
{
    [TestCase("127.0.0.1", "127.0.0.1")]
    [TestCase("localhost", "127.0.0.1")]
    [TestCase("[::1]", "::1")]
    [TestCase("::1", "::1")]
    [TestCase("*", "::")]
    public async Task Port_0_takes_a_free_port_and_tells_it(
        string host, string address, CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Host = host, Port = 0 });

        await listener.ListenAsync(cancellationToken);

        var endPoint = (IPEndPoint)listener.EndPoint;
        Assert.That(endPoint.Address, Is.EqualTo(IPAddress.Parse(address)));
        Assert.That(endPoint.Port, Is.Positive);
    }

    [TestCase("127.0.0.1", "127.0.0.1")]
    [TestCase("[::1]", "::1")]
    [TestCase("*", "127.0.0.1")]
    [TestCase("*", "::1")]
    public async Task A_peer_is_shown_with_its_own_address(
        string host, string peerAddress, CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Host = host, Port = 0 });
        await listener.ListenAsync(cancellationToken);

        using var peer = await Peer.ConnectAsync(
            new IPEndPoint(IPAddress.Parse(peerAddress), ((IPEndPoint)listener.EndPoint).Port), cancellationToken);
        var connection = (await listener.AcceptAsync(cancellationToken))!;
        connection.Abort();

        Assert.That(connection.RemoteEndPoint, Is.EqualTo(peer.Socket.LocalEndPoint));
    }

    [Test]
    public async Task Every_connection_has_an_id_of_its_own(CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Port = 0 });
        await listener.ListenAsync(cancellationToken);
        using var one = await Peer.ConnectAsync(listener.EndPoint, cancellationToken);
        using var other = await Peer.ConnectAsync(listener.EndPoint, cancellationToken);

        var first = (await listener.AcceptAsync(cancellationToken))!;
        var second = (await listener.AcceptAsync(cancellationToken))!;
        first.Abort();
        second.Abort();

        Assert.That(first.Id, Is.Not.EqualTo(second.Id));
    }

    [TestCase("127.0.0.1", "127.0.0.1")]
    [TestCase("[::1]", "[::1]")]
    [TestCase("::1", "[::1]")]
    [TestCase("*", "*")]
    public async Task A_port_in_use_is_told_in_one_sentence_with_address_and_port(
        string host, string shown, CancellationToken cancellationToken)
    {
        await using var first = new TcpConnectionListener(new() { Host = host, Port = 0 });
        await first.ListenAsync(cancellationToken);
        var port = ((IPEndPoint)first.EndPoint).Port;
        await using var second = new TcpConnectionListener(new() { Host = host, Port = port });

        await Assert.ThatAsync(
            async () => await second.ListenAsync(cancellationToken),
            Throws.InstanceOf<IOException>().With.Message.EqualTo(
                $"Cannot listen on {shown}:{port}: another program is already listening there."));
    }

    [Test]
    public async Task An_unknown_name_is_told(CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Host = "no-such-host.invalid", Port = 0 });

        await Assert.ThatAsync(
            async () => await listener.ListenAsync(cancellationToken),
            Throws.InstanceOf<IOException>().With.Message.EqualTo(
                "Cannot listen on no-such-host.invalid:0: the name no-such-host.invalid is not known."));
    }

    [TestCase("256.256.256.256")]
    [TestCase("not a name")]
    [TestCase("a..b")]
    public async Task What_is_neither_an_address_nor_a_name_is_told(string host, CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Host = host, Port = 0 });

        await Assert.ThatAsync(
            async () => await listener.ListenAsync(cancellationToken),
            Throws.InstanceOf<IOException>().With.Message.StartsWith($"Cannot listen on {host}:0: "));
    }

    [Test]
    public async Task A_name_longer_than_any_name_is_told(CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Host = new string('x', 300), Port = 0 });

        await Assert.ThatAsync(
            async () => await listener.ListenAsync(cancellationToken),
            Throws.InstanceOf<IOException>().With.Message.StartsWith("Cannot listen on xxx"));
    }

    [Test]
    public async Task An_address_of_another_machine_is_told(CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Host = "192.0.2.1", Port = 0 });

        await Assert.ThatAsync(
            async () => await listener.ListenAsync(cancellationToken),
            Throws.InstanceOf<IOException>().With.Message.EqualTo(
                "Cannot listen on 192.0.2.1:0: this machine has no such address."));
    }

    [Test]
    public async Task Stopping_ends_the_accept_under_way_and_those_to_come_with_nothing(
        CancellationToken cancellationToken)
    {
        var listener = new TcpConnectionListener(new() { Port = 0 });
        await listener.ListenAsync(cancellationToken);
        var accepting = listener.AcceptAsync(cancellationToken).AsTask();

        await listener.DisposeAsync();

        Assert.That(await accepting.WaitAsync(cancellationToken), Is.Null);
        Assert.That(await listener.AcceptAsync(cancellationToken), Is.Null);
    }

    [Test]
    public async Task Stopping_frees_the_port(CancellationToken cancellationToken)
    {
        var first = new TcpConnectionListener(new() { Port = 0 });
        await first.ListenAsync(cancellationToken);
        await first.DisposeAsync();
        await using var second = new TcpConnectionListener(new() { Port = ((IPEndPoint)first.EndPoint).Port });

        await Assert.ThatAsync(async () => await second.ListenAsync(cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task A_wait_for_a_connection_can_be_cancelled(CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Port = 0 });
        await listener.ListenAsync(cancellationToken);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = listener.AcceptAsync(cancelling.Token);

        await cancelling.CancelAsync();

        await Assert.ThatAsync(async () => await accepting, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("[::]", "127.0.0.1", true)]
    [TestCase("[::]", "127.0.0.1", false)]
    [TestCase("::", "::1", true)]
    [TestCase("*", "127.0.0.1", false)]
    public async Task F19_all_addresses_of_IPv6_are_those_of_IPv4_too(
        string host, string peerAddress, bool usesLoops, CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Host = host, Port = 0 }, usesLoops);
        await listener.ListenAsync(cancellationToken);
        var port = ((IPEndPoint)listener.EndPoint).Port;
        using var peer = await Peer.ConnectAsync(new IPEndPoint(IPAddress.Parse(peerAddress), port), cancellationToken);

        var connection = (await listener.AcceptAsync(cancellationToken))!;
        connection.Abort();

        Assert.That(((IPEndPoint)connection.RemoteEndPoint!).Address, Is.EqualTo(IPAddress.Parse(peerAddress)));
    }

    [Test]
    public async Task Accepting_before_binding_is_a_mistake_that_is_named(CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Port = 0 });

        await Assert.ThatAsync(
            async () => await listener.AcceptAsync(cancellationToken), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Connections_that_are_gone_before_they_are_accepted_do_not_end_accepting(
        CancellationToken cancellationToken)
    {
        await using var listener = new TcpConnectionListener(new() { Port = 0 });
        await listener.ListenAsync(cancellationToken);
        for (var gone = 0; gone < 100; gone++)
            (await Peer.ConnectAsync(listener.EndPoint, cancellationToken)).Reset();
        using var peer = await Peer.ConnectAsync(listener.EndPoint, cancellationToken);

        EndPoint? accepted;
        do
        {
            var connection = await listener.AcceptAsync(cancellationToken);
            accepted = connection!.RemoteEndPoint;
            connection.Abort();
        }
        while (!peer.Socket.LocalEndPoint!.Equals(accepted));

        Assert.That(accepted.AddressFamily, Is.EqualTo(AddressFamily.InterNetwork));
    }
}
