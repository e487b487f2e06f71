using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Chat.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Transport.Tcp.Tests.Sockets;

/// <summary>On event loops (Linux) and on .NET's sockets.</summary>
[TestFixtureSource(nameof(Kinds))]
[CancelAfter(15000)]
public sealed class TcpConnectionTests(bool usesLoops)
{
    private readonly byte[] _buffer = new byte[4096];

    public static bool[] Kinds => OperatingSystem.IsLinux() ? [true, false] : [false];

    [Test]
    public async Task Bytes_go_both_ways(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);

        await pair.Peer.SendAsync("hi\r\n", cancellationToken);
        var heard = await ReceiveAsync(pair.Connection, 4, cancellationToken);
        await pair.Connection.SendAsync("hello\r\n"u8.ToArray(), cancellationToken);

        Assert.That(heard, Is.EqualTo("hi\r\n"));
        Assert.That(await pair.Peer.ReadLineAsync(cancellationToken), Is.EqualTo("hello"));
    }

    [Test]
    public async Task The_peers_address_is_known(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);

        Assert.That(pair.Connection.RemoteEndPoint, Is.EqualTo(pair.Peer.Socket.LocalEndPoint));
    }

    [Test]
    public async Task Accepted_sockets_inherit_how_the_listener_was_set(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions { SendBufferBytes = 10_000 }, cancellationToken);
        var socket = pair.Socket;
        var userTimeout = new byte[4];
        if (OperatingSystem.IsLinux())
            socket.GetRawSocketOption(6, 18, userTimeout);

        Assert.That(socket.NoDelay, Is.True);
        Assert.That(socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive), Is.Not.Zero);
        Assert.That(socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Is.EqualTo(60));
        Assert.That(
            socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval), Is.EqualTo(15));
        Assert.That(
            socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount), Is.EqualTo(4));
        Assert.That(socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline), Is.Not.Zero);
        if (OperatingSystem.IsLinux())
        {
            // Linux doubles what is asked for, to have room for its own records.
            Assert.That(socket.SendBufferSize, Is.EqualTo(20_000));
            Assert.That(BitConverter.ToInt32(userTimeout), Is.EqualTo(30_000));
        }
    }

    [Test]
    public async Task A_small_send_buffer_bounds_what_the_system_holds_for_a_peer_that_does_not_read(
        CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(
            new TcpListenerOptions { SendBufferBytes = 16 * 1024 }, cancellationToken, 4096);

        var held = (await pair.Connection.FillAsync(new byte[4096], cancellationToken)).Taken;

        Assert.That(held, Is.LessThan(512 * 1024));
    }

    [Test]
    public async Task Urgent_bytes_do_not_eat_text(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);

        // What inetutils sends for "send synch", then the shape of BSD: the data mark itself is urgent.
        await pair.Peer.SendAsync("ab", cancellationToken);
        pair.Peer.Socket.Send([0xff], SocketFlags.OutOfBand);
        await pair.Peer.SendAsync(Bytes.Hex("f2 63 64 0d 0a ff f4 ff"), cancellationToken);
        pair.Peer.Socket.Send([0xf2], SocketFlags.OutOfBand);
        await pair.Peer.SendAsync("ef\r\n", cancellationToken);
        pair.Peer.Finish();

        Assert.That(await ReceiveToEndAsync(pair.Connection, cancellationToken), Is.EqualTo("abcd\r\n\u0015ef\r\n"));
    }

    [Test]
    public async Task Commands_split_into_one_byte_segments_are_still_commands(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);
        foreach (var value in Bytes.Hex("68 ff fd 03 69 ff fa 18 00 ff f0 ff ff 0d 0a"))
            await pair.Peer.SendAsync(new[] { value }, cancellationToken);
        pair.Peer.Finish();

        Assert.That(await ReceiveToEndAsync(pair.Connection, cancellationToken), Is.EqualTo("hiÿ\r\n"));
        Assert.That(await pair.Peer.ReadExactlyAsync(3, cancellationToken), Is.EqualTo(Bytes.Hex("ff fc 03")));
    }

    [Test]
    public async Task After_the_peers_end_there_is_still_sending(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);
        await pair.Peer.SendAsync("last", cancellationToken);
        pair.Peer.Finish();

        var heard = await ReceiveToEndAsync(pair.Connection, cancellationToken);
        await pair.Connection.SendAsync("answer\r\n"u8.ToArray(), cancellationToken);
        await pair.Connection.DisposeAsync();

        Assert.That(heard, Is.EqualTo("last"));
        Assert.That(await pair.Peer.ReadToEndAsync(cancellationToken), Is.EqualTo(new[] { "answer" }));
    }

    [Test]
    public async Task A_reset_is_not_a_clean_end(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);
        await pair.Peer.SendAsync("cut", cancellationToken);
        await ReceiveAsync(pair.Connection, 3, cancellationToken);

        var receiving = pair.Connection.ReceiveAsync(_buffer, cancellationToken);
        pair.Peer.Reset();

        await Assert.ThatAsync(async () => await receiving, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_reset_that_a_send_has_noticed_first_is_not_a_clean_end(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);
        await pair.Peer.SendAsync("cut", cancellationToken);
        pair.Peer.Reset();

        await Assert.ThatAsync(
            () => SendForeverAsync(pair.Connection, cancellationToken), Throws.InstanceOf<IOException>());

        await Assert.ThatAsync(
            () => ReceiveToEndAsync(pair.Connection, cancellationToken), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_reset_whose_error_another_call_has_used_up_is_not_a_clean_end(
        CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);
        await pair.Peer.SendAsync("cut", cancellationToken);
        pair.Peer.Reset();

        pair.Socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectError);
        pair.Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);

        await Assert.ThatAsync(
            () => ReceiveToEndAsync(pair.Connection, cancellationToken), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Abort_resets_the_connection(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);

        pair.Connection.Abort();

        await Assert.ThatAsync(
            async () => await pair.Peer.ReadByteAsync(cancellationToken),
            Throws.InstanceOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(
                SocketError.ConnectionReset));
    }

    [Test]
    public async Task Abort_ends_the_calls_under_way_and_those_to_come(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(
            new TcpListenerOptions { SendBufferBytes = 4096 }, cancellationToken, 4096);
        var receiving = pair.Connection.ReceiveAsync(_buffer, cancellationToken);
        var sending = (await pair.Connection.FillAsync(new byte[4096], cancellationToken)).Pending;

        pair.Connection.Abort();
        pair.Connection.Abort();

        await Assert.ThatAsync(async () => await receiving, Throws.InstanceOf<IOException>());
        await Assert.ThatAsync(() => sending, Throws.InstanceOf<IOException>());
        await Assert.ThatAsync(
            async () => await pair.Connection.ReceiveAsync(_buffer, cancellationToken),
            Throws.InstanceOf<IOException>());
        await Assert.ThatAsync(
            async () => await pair.Connection.SendAsync(new byte[1], cancellationToken),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_wait_for_bytes_can_be_cancelled(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(new TcpListenerOptions(), cancellationToken);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = pair.Connection.ReceiveAsync(_buffer, cancelling.Token);

        await cancelling.CancelAsync();

        await Assert.ThatAsync(async () => await receiving, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Closing_waits_for_the_peer_to_end_its_side(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(
            new TcpListenerOptions { Clock = new FakeTimeProvider() }, cancellationToken);

        var closing = pair.Connection.DisposeAsync().AsTask();
        var rest = await pair.Peer.ReadToEndAsync(cancellationToken);
        var wasClosing = !closing.IsCompleted;
        pair.Peer.Finish();
        await closing.WaitAsync(cancellationToken);

        Assert.That(rest, Is.Empty);
        Assert.That(wasClosing, Is.True);
    }

    [Test]
    public async Task A_peer_that_never_ends_its_side_is_closed_after_the_linger(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var pair = await MakeAsync(
            new TcpListenerOptions { Clock = clock, Linger = TimeSpan.FromSeconds(2) }, cancellationToken);
        var closing = pair.Connection.DisposeAsync().AsTask();

        clock.Advance(TimeSpan.FromSeconds(1.9));
        await pair.Peer.ReadToEndAsync(cancellationToken);
        var wasClosing = !closing.IsCompleted;
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await closing.WaitAsync(cancellationToken);

        Assert.That(wasClosing, Is.True);
    }

    [Test]
    public async Task A_peer_that_goes_on_talking_after_our_end_still_gets_our_last_line(
        CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(
            new TcpListenerOptions { Clock = new FakeTimeProvider() }, cancellationToken);
        await pair.Peer.SendAsync(new byte[50_000], cancellationToken);
        await pair.Connection.SendAsync("goodbye\r\n"u8.ToArray(), cancellationToken);

        var closing = pair.Connection.DisposeAsync().AsTask();
        await pair.Peer.SendAsync(new byte[50_000], cancellationToken);
        pair.Peer.Finish();
        await closing.WaitAsync(cancellationToken);

        Assert.That(await pair.Peer.ReadToEndAsync(cancellationToken), Is.EqualTo(new[] { "goodbye" }));
    }

    [Test]
    public async Task A_send_to_a_peer_that_does_not_read_takes_a_part_then_waits_then_goes_on_to_the_last_byte(
        CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(
            new TcpListenerOptions { SendBufferBytes = 32 * 1024 }, cancellationToken);
        var bytes = new byte[3 * 1024 * 1024];
        new Random(5).NextBytes(bytes);

        var (taken, pending) = await pair.Connection.FillAsync(bytes, cancellationToken);
        var wasPending = !pending.IsCompleted;
        var reading = pair.Peer.ReadExactlyAsync(bytes.Length, cancellationToken);
        taken += await pending;
        await pair.Connection.SendAllAsync(bytes.AsMemory(taken), cancellationToken);

        Assert.That(wasPending, Is.True);
        Assert.That(
            Convert.ToHexString(SHA256.HashData(await reading)),
            Is.EqualTo(Convert.ToHexString(SHA256.HashData(bytes))));
    }

    private Task<TcpPair> MakeAsync(
        TcpListenerOptions options, CancellationToken cancellationToken, int receiveBufferBytes = 0) =>
        TcpPair.MakeAsync(options, cancellationToken, receiveBufferBytes, usesLoops);

    private static async Task SendForeverAsync(IClientConnection connection, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
            await connection.SendAsync(new byte[1], cancellationToken);
    }

    private async Task<string> ReceiveAsync(
        IClientConnection connection, int count, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (text.Length < count)
            text.Append(Bytes.ToLatin(_buffer[..await connection.ReceiveAsync(_buffer, cancellationToken)]));
        return text.ToString();
    }

    private async Task<string> ReceiveToEndAsync(IClientConnection connection, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (await connection.ReceiveAsync(_buffer, cancellationToken) is > 0 and var count)
            text.Append(Bytes.ToLatin(_buffer[..count]));
        return text.ToString();
    }
}
