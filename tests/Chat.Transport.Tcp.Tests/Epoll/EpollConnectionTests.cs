using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Chat.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Transport.Tcp.Tests.Epoll;

[Platform("Linux")]
[CancelAfter(30000)]
public sealed class EpollConnectionTests
{
    private readonly byte[] _buffer = new byte[4096];

    [Test]
    public async Task A_send_that_finds_no_room_goes_on_when_the_peer_reads_again_and_again(
        CancellationToken cancellationToken)
    {
        await using var pair = await MakeNarrowAsync(cancellationToken);
        var waited = 0;
        var sent = 0;
        var read = 0;

        for (var round = 0; round < 5; round++)
        {
            var (taken, pending) = await pair.Connection.FillAsync(new byte[4096], cancellationToken);
            waited += pending.IsCompleted ? 0 : 1;
            sent += taken;
            read += (await pair.Peer.ReadExactlyAsync(sent - read, cancellationToken)).Length;
            sent += await pending;
        }

        read += (await pair.Peer.ReadExactlyAsync(sent - read, cancellationToken)).Length;
        Assert.That((waited, read), Is.EqualTo((5, sent)));
    }

    [Test]
    public async Task All_that_is_sent_to_a_slow_reader_arrives_in_order(CancellationToken cancellationToken)
    {
        await using var pair = await MakeNarrowAsync(cancellationToken);
        var bytes = new byte[2 * 1024 * 1024];
        new Random(3).NextBytes(bytes);

        var sending = pair.Connection.SendAllAsync(bytes, cancellationToken);
        var read = await pair.Peer.ReadExactlyAsync(bytes.Length, cancellationToken);
        await sending;

        Assert.That(
            Convert.ToHexString(SHA256.HashData(read)), Is.EqualTo(Convert.ToHexString(SHA256.HashData(bytes))));
    }

    [Test]
    public async Task An_abort_ends_a_send_that_waits_for_room(CancellationToken cancellationToken)
    {
        await using var pair = await MakeNarrowAsync(cancellationToken);
        var (_, pending) = await pair.Connection.FillAsync(new byte[4096], cancellationToken);

        pair.Connection.Abort();

        await Assert.ThatAsync(() => pending, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_reset_ends_a_send_that_waits_for_room(CancellationToken cancellationToken)
    {
        await using var pair = await MakeNarrowAsync(cancellationToken);
        var (_, pending) = await pair.Connection.FillAsync(new byte[4096], cancellationToken);

        pair.Peer.Reset();

        await Assert.ThatAsync(() => pending, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_send_that_waits_for_room_can_be_cancelled(CancellationToken cancellationToken)
    {
        await using var pair = await MakeNarrowAsync(cancellationToken);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (_, pending) = await pair.Connection.FillAsync(new byte[4096], cancelling.Token);

        await cancelling.CancelAsync();

        await Assert.ThatAsync(() => pending, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Receiving_goes_on_while_a_send_waits_for_room(CancellationToken cancellationToken)
    {
        await using var pair = await MakeNarrowAsync(cancellationToken);
        var (_, pending) = await pair.Connection.FillAsync(new byte[4096], cancellationToken);
        var receiving = pair.Connection.ReceiveAsync(_buffer, cancellationToken).AsTask();

        await pair.Peer.SendAsync("hi", cancellationToken);

        Assert.That(await receiving, Is.EqualTo(2));
        Assert.That(pending.IsCompleted, Is.False);
        pair.Connection.Abort();
        await Assert.ThatAsync(() => pending, Throws.InstanceOf<IOException>());
    }

    /// <summary>After a clean end the peer would take what it has for everything there is.</summary>
    [Test]
    public async Task A_peer_that_is_reading_sees_an_abort_as_a_reset_and_never_as_an_end(
        CancellationToken cancellationToken)
    {
        const int Rounds = 300;
        var resets = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);
            var reading = Task.Factory.StartNew(
                () => ReadBlocking(pair.Peer.Socket),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            await pair.Connection.SendAsync("x"u8.ToArray(), cancellationToken);

            pair.Connection.Abort();
            resets += await reading == SocketError.ConnectionReset ? 1 : 0;
        }

        Assert.That(resets, Is.EqualTo(Rounds));
    }

    [Test]
    public async Task A_peer_that_never_stops_talking_is_closed_after_the_linger(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var pair = await MakeAsync(
            new TcpListenerOptions { Clock = clock, Linger = TimeSpan.FromSeconds(2) }, cancellationToken);
        var flooding = Task.Factory.StartNew(
            () => Flood(pair.Peer.Socket), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await ((IReceiveReadiness)pair.Connection).WaitToReceiveAsync(cancellationToken);

        var closing = Task.Run(async () => await pair.Connection.DisposeAsync(), cancellationToken);
        await pair.Peer.ReadToEndAsync(cancellationToken);

        // The peer sees our end a moment before the server starts to wait.
        while (!closing.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        await closing;

        Assert.That(
            await flooding.WaitAsync(cancellationToken), Is.AnyOf(SocketError.ConnectionReset, SocketError.Shutdown));
    }

    /// <summary>
    /// Descriptors are closed and their numbers used again all the time: whatever is read or sent by a number that is
    /// no longer one's own is seen here.
    /// </summary>
    [Test, NonParallelizable]
    [CancelAfter(60_000)]
    public async Task In_a_storm_of_aborts_nobody_gets_the_bytes_of_another(CancellationToken cancellationToken)
    {
        const int Lanes = 12, Rounds = 60;
        await using var listener = new TcpConnectionListener(
            new() { Port = 0, SendBufferBytes = 8192 }, usesLoops: true);
        await listener.ListenAsync(cancellationToken);
        var strange = new ConcurrentQueue<string>();
        var serving = Task.Run(ServeAllAsync, cancellationToken);

        await Task.WhenAll(
            Enumerable.Range(1, Lanes).Select(lane => Task.Run(() => VisitAsync((byte)lane), cancellationToken)));
        await listener.DisposeAsync();
        await serving;

        Assert.That(strange, Is.Empty);

        async Task ServeAllAsync()
        {
            var served = new List<Task>();
            while (await listener.AcceptAsync(cancellationToken) is { } connection)
                served.Add(Task.Run(() => ServeAsync(connection), cancellationToken));
            await Task.WhenAll(served);
        }

        async Task ServeAsync(IClientConnection connection)
        {
            var bytes = new byte[512];
            Task? answering = null, aborting = null;
            try
            {
                for (
                    int owner = 0,
                    total = 0,
                    count; (count = await connection.ReceiveAsync(bytes, cancellationToken)) > 0; total += count)
                {
                    owner = total == 0 ? bytes[0] : owner;
                    if (bytes.AsSpan(0, count).ContainsAnyExcept((byte)owner))
                        strange.Enqueue($"The server's side of {owner} has read something else.");
                    answering ??= Task.Run(() => FloodAsync(connection, (byte)owner), cancellationToken);
                    if (total > owner * 300)
                        aborting ??= Task.Run(connection.Abort, cancellationToken);
                }
            }
            catch (IOException)
            {
                // Aborted.
            }

            connection.Abort();
            await Task.WhenAll(answering ?? Task.CompletedTask, aborting ?? Task.CompletedTask);
            await connection.DisposeAsync();
        }

        async Task FloodAsync(IClientConnection connection, byte owner)
        {
            var bytes = Enumerable.Repeat(owner, 700).ToArray();
            try
            {
                while (true)
                    await connection.SendAsync(bytes, cancellationToken);
            }
            catch (IOException)
            {
                // Aborted.
            }
        }

        async Task VisitAsync(byte own)
        {
            var bytes = Enumerable.Repeat(own, 500).ToArray();
            var read = new byte[1024];
            for (var round = 0; round < Rounds; round++)
            {
                using var peer = await Peer.ConnectAsync(listener.EndPoint, cancellationToken);
                try
                {
                    while (true)
                    {
                        await peer.SendAsync(bytes, cancellationToken);
                        var count = await peer.Socket.ReceiveAsync(read, cancellationToken);
                        if (count == 0)
                            break;
                        if (read.AsSpan(0, count).ContainsAnyExcept(own))
                            strange.Enqueue($"{own} has read something else.");
                    }
                }
                catch (SocketException)
                {
                    // The server has aborted it.
                }
            }
        }
    }

    private static SocketError ReadBlocking(Socket socket)
    {
        var buffer = new byte[16];
        int count;
        SocketError error;
        do
        {
            count = socket.Receive(buffer, SocketFlags.None, out error);
        }
        while (count > 0);
        return error;
    }

    private static SocketError Flood(Socket socket)
    {
        var bytes = new byte[256 * 1024];
        SocketError error;
        do
        {
            socket.Send(bytes, SocketFlags.None, out error);
        }
        while (error == SocketError.Success);
        return error;
    }

    private static Task<TcpPair> MakeNarrowAsync(CancellationToken cancellationToken) =>
        TcpPair.MakeAsync(new TcpListenerOptions { SendBufferBytes = 4096 }, cancellationToken, 4096, usesLoops: true);

    private static Task<TcpPair> MakeAsync(TcpListenerOptions options, CancellationToken cancellationToken) =>
        TcpPair.MakeAsync(options, cancellationToken, usesLoops: true);
}
