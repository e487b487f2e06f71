using Chat.Connections;
using Chat.Scenes.Clients;

namespace Chat.Engine.Tests.Connections;

/// <summary>What every transport does.</summary>
[CancelAfter(10000)]
public abstract class TransportContract
{
    private IConnectionListener _listener = null!;

    protected abstract IConnectionListener CreateListener();

    /// <summary>Connects a client to a listener that is bound.</summary>
    protected abstract ValueTask<IClientSide> ConnectAsync(
        IConnectionListener listener, CancellationToken cancellationToken);

    [SetUp]
    public async Task ListenAsync()
    {
        _listener = CreateListener();
        await _listener.ListenAsync(CancellationToken.None);
    }

    [TearDown]
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    [Test]
    public async Task Bytes_go_both_ways(CancellationToken cancellationToken)
    {
        var (server, client) = await OpenAsync(cancellationToken);
        await using var both = server;

        await client.SendAsync("to server"u8.ToArray(), cancellationToken);
        var received = await ReadAsync(server.ReceiveAsync, 9, cancellationToken);
        await SendAllAsync(server, "to client"u8.ToArray(), cancellationToken);
        var answered = await ReadAsync(client.ReceiveAsync, 9, cancellationToken);

        Assert.That(
            (received, answered),
            Is.EqualTo(("to server"u8.ToArray(), "to client"u8.ToArray())).Using<byte[]>(
                (a, b) => a.AsSpan().SequenceEqual(b)));
        await client.DisposeAsync();
    }

    [Test]
    public async Task A_large_block_arrives_whole_and_in_order(CancellationToken cancellationToken)
    {
        var (server, client) = await OpenAsync(cancellationToken);
        await using var both = server;
        var block = Enumerable.Range(0, 300_000).Select(value => (byte)(value * 31)).ToArray();

        var sending = SendAllAsync(server, block, cancellationToken);
        var received = await ReadAsync(client.ReceiveAsync, block.Length, cancellationToken);
        await sending;

        Assert.That(received.AsSpan().SequenceEqual(block), Is.True);
        await client.DisposeAsync();
    }

    [Test]
    public async Task A_client_that_ends_cleanly_is_read_to_its_end_and_can_still_be_sent_to(
        CancellationToken cancellationToken)
    {
        var (server, client) = await OpenAsync(cancellationToken);
        await using var both = server;
        await client.SendAsync("bye"u8.ToArray(), cancellationToken);
        client.End();

        await ReadAsync(server.ReceiveAsync, 3, cancellationToken);
        var end = await server.ReceiveAsync(new byte[8], cancellationToken);
        await SendAllAsync(server, "late"u8.ToArray(), cancellationToken);
        var late = await ReadAsync(client.ReceiveAsync, 4, cancellationToken);

        Assert.That((end, late.Length), Is.EqualTo((0, 4)));
        await client.DisposeAsync();
    }

    [Test]
    public async Task A_reset_is_not_a_clean_end(CancellationToken cancellationToken)
    {
        var (server, client) = await OpenAsync(cancellationToken);
        await using var both = server;
        var receiving = server.ReceiveAsync(new byte[8], cancellationToken).AsTask();

        client.Reset();

        Assert.That(async () => await receiving, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Aborting_fails_what_is_waiting_and_what_comes_later(CancellationToken cancellationToken)
    {
        var (server, client) = await OpenAsync(cancellationToken);
        await using var both = server;
        var receiving = server.ReceiveAsync(new byte[8], cancellationToken).AsTask();
        var sending = SendUntilItWaitsAsync(server, cancellationToken);

        server.Abort();
        server.Abort();

        Assert.That(async () => await receiving, Throws.InstanceOf<IOException>());
        Assert.That(async () => await sending, Throws.InstanceOf<IOException>());
        Assert.That(
            async () => await server.SendAsync(new byte[1], cancellationToken),
            Throws.InstanceOf<IOException>().Or.InstanceOf<ObjectDisposedException>());
        await client.DisposeAsync();
    }

    [Test]
    public async Task Closing_politely_lets_the_client_read_what_it_was_sent(CancellationToken cancellationToken)
    {
        var (server, client) = await OpenAsync(cancellationToken);
        await SendAllAsync(server, "goodbye"u8.ToArray(), cancellationToken);

        await server.DisposeAsync();
        var received = await ReadAsync(client.ReceiveAsync, 7, cancellationToken);
        var end = await client.ReceiveAsync(new byte[8], cancellationToken);

        Assert.That((received.Length, end), Is.EqualTo((7, 0)));
        await client.DisposeAsync();
    }

    [Test]
    public async Task A_cancelled_receive_gives_up(CancellationToken cancellationToken)
    {
        var (server, client) = await OpenAsync(cancellationToken);
        await using var both = server;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = server.ReceiveAsync(new byte[8], giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        Assert.That(async () => await receiving, Throws.InstanceOf<OperationCanceledException>());
        await client.DisposeAsync();
    }

    [Test]
    public async Task Connections_have_different_ids(CancellationToken cancellationToken)
    {
        var (first, a) = await OpenAsync(cancellationToken);
        var (second, b) = await OpenAsync(cancellationToken);
        await using var one = first;
        await using var two = second;

        Assert.That(first.Id, Is.Not.EqualTo(second.Id));
        await a.DisposeAsync();
        await b.DisposeAsync();
    }

    [Test]
    public async Task A_listener_that_is_disposed_accepts_no_more(CancellationToken cancellationToken)
    {
        var accepting = _listener.AcceptAsync(cancellationToken).AsTask();

        await _listener.DisposeAsync();

        Assert.That(await accepting, Is.Null);
    }

    [Test]
    public async Task A_cancelled_accept_gives_up(CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = _listener.AcceptAsync(giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        Assert.That(async () => await accepting, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task SendUntilItWaitsAsync(IClientConnection connection, CancellationToken cancellationToken)
    {
        while (true)
            await connection.SendAsync(new byte[16 * 1024], cancellationToken);
    }

    private static async Task SendAllAsync(
        IClientConnection connection, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await connection.SendAsync(bytes, cancellationToken)..];
    }

    private static async Task<byte[]> ReadAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> receiveAsync,
        int count,
        CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var length = 0; length < count;)
        {
            var received = await receiveAsync(bytes.AsMemory(length), cancellationToken);
            length += received > 0 ? received : throw new EndOfStreamException($"Only {length} of {count} bytes came.");
        }

        return bytes;
    }

    private async Task<(IClientConnection Server, IClientSide Client)> OpenAsync(CancellationToken cancellationToken)
    {
        var accepting = _listener.AcceptAsync(cancellationToken).AsTask();
        var client = await ConnectAsync(_listener, cancellationToken);
        return ((await accepting)!, client);
    }
}
