using System.Diagnostics;
using Chat.Connections;

namespace Chat.Transport.Tcp.Tests.Epoll;

/// <summary>Waiting without a buffer, on event loops and on .NET's sockets.</summary>
[TestFixture(true)]
[TestFixture(false)]
[Platform("Linux")]
[CancelAfter(15000)]
public sealed class ReceiveReadinessTests(bool usesLoops)
{
    private readonly byte[] _buffer = new byte[4096];

    [Test]
    public async Task The_wait_lasts_until_bytes_come_and_takes_none(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        var waiting = WaitAsync(pair, cancellationToken);
        var wasPending = !waiting.IsCompleted;

        await pair.Peer.SendAsync("hi", cancellationToken);
        await waiting;

        Assert.That(wasPending, Is.True);
        Assert.That(await pair.Connection.ReceiveAsync(_buffer, cancellationToken), Is.EqualTo(2));
    }

    [Test]
    public async Task The_wait_ends_again_and_again_while_nothing_is_received(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        await pair.Peer.SendAsync("hi", cancellationToken);

        for (var round = 0; round < 3; round++)
            await WaitAsync(pair, cancellationToken);

        Assert.That(await pair.Connection.ReceiveAsync(_buffer, cancellationToken), Is.EqualTo(2));
    }

    [Test]
    public async Task The_wait_ends_with_the_peers_end(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        var waiting = WaitAsync(pair, cancellationToken);

        pair.Peer.Finish();
        await waiting;

        Assert.That(await pair.Connection.ReceiveAsync(_buffer, cancellationToken), Is.Zero);
        Assert.That(await pair.Connection.ReceiveAsync(_buffer, cancellationToken), Is.Zero);
    }

    [Test]
    public async Task The_wait_ends_with_a_reset(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        var waiting = WaitAsync(pair, cancellationToken);

        pair.Peer.Reset();

        await Assert.ThatAsync(
            async () =>
            {
                await waiting;
                await pair.Connection.ReceiveAsync(_buffer, cancellationToken);
            },
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task The_wait_ends_with_an_abort_and_so_do_those_to_come(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        var waiting = WaitAsync(pair, cancellationToken);

        pair.Connection.Abort();

        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<IOException>());
        await Assert.ThatAsync(() => WaitAsync(pair, cancellationToken), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task The_wait_can_be_cancelled(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = WaitAsync(pair, cancelling.Token);

        await cancelling.CancelAsync();

        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task After_a_wait_that_was_cancelled_there_are_others(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = WaitAsync(pair, cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());

        var next = WaitAsync(pair, cancellationToken);
        await pair.Peer.SendAsync("hi", cancellationToken);
        await next;

        Assert.That(await pair.Connection.ReceiveAsync(_buffer, cancellationToken), Is.EqualTo(2));
    }

    [Test]
    public async Task The_wait_ends_at_once_while_a_receive_has_left_bytes(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        await pair.Peer.SendAsync("abcde", cancellationToken);
        await WaitAsync(pair, cancellationToken);

        await pair.Connection.ReceiveAsync(_buffer.AsMemory(0, 2), cancellationToken);
        await WaitAsync(pair, cancellationToken);
        await pair.Connection.ReceiveAsync(_buffer.AsMemory(2, 2), cancellationToken);
        await WaitAsync(pair, cancellationToken);
        await pair.Connection.ReceiveAsync(_buffer.AsMemory(4, 2), cancellationToken);

        Assert.That(Bytes.ToLatin(_buffer[..5]), Is.EqualTo("abcde"));
    }

    [TestCase(4)]
    [TestCase(4096)]
    public async Task The_wait_goes_on_once_everything_has_been_received(int size, CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        await pair.Peer.SendAsync("abcd", cancellationToken);
        await WaitAsync(pair, cancellationToken);

        var received = await pair.Connection.ReceiveAsync(_buffer.AsMemory(0, size), cancellationToken);
        var waiting = WaitAsync(pair, cancellationToken);
        var isPending = !waiting.IsCompleted;
        await pair.Peer.SendAsync("e", cancellationToken);
        await waiting;

        Assert.That((received, isPending), Is.EqualTo((4, true)));
    }

    [Test]
    public async Task Bytes_behind_an_urgent_one_are_not_forgotten(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);

        // A receive ends in front of an urgent byte, with room left in its buffer (tcp(7)).
        await pair.Peer.SendAsync("ab", cancellationToken);
        pair.Peer.Socket.Send("!"u8, System.Net.Sockets.SocketFlags.OutOfBand);
        await pair.Peer.SendAsync("cd", cancellationToken);
        var heard = "";
        while (heard.Length < 5)
        {
            await WaitAsync(pair, cancellationToken);
            heard += Bytes.ToLatin(_buffer[..await pair.Connection.ReceiveAsync(_buffer, cancellationToken)]);
        }

        Assert.That(heard, Is.EqualTo("ab!cd"));
    }

    /// <summary>Waits off the loop's thread, so that bytes arrive at the very moment a wait begins.</summary>
    [Test]
    [CancelAfter(60_000)]
    public async Task A_byte_that_comes_as_the_wait_begins_ends_one_wait_and_no_other(
        CancellationToken cancellationToken)
    {
        const int Most = 50_000;
        await using var pair = await MakeAsync(cancellationToken);
        var received = 0;
        var rounds = int.MaxValue;
        var since = Stopwatch.StartNew();
        var receiving = Task.Run(ReceiveAsync, cancellationToken);

        for (var round = 0; round < rounds; round++)
        {
            // As many rounds as a busy machine has time for.
            if (round == Most - 1 || since.Elapsed > TimeSpan.FromSeconds(10))
                Volatile.Write(ref rounds, round + 1);
            pair.Peer.Socket.Send([1]);
            var spin = default(SpinWait);
            while (Volatile.Read(ref received) <= round
                   && !receiving.IsCompleted && !cancellationToken.IsCancellationRequested)
                spin.SpinOnce(sleep1Threshold: -1);
        }

        await receiving;
        Assert.That(received, Is.EqualTo(rounds));

        async Task ReceiveAsync()
        {
            var buffer = new byte[16];
            while (received < Volatile.Read(ref rounds))
            {
                await WaitAsync(pair, cancellationToken).ConfigureAwait(false);
                var count = await pair.Connection.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);

                // Back from the loop's thread, before the next byte is asked for.
                await Task.Yield();
                Volatile.Write(ref received, received + count);

                // The byte takes some microseconds: sometimes it comes before the wait, sometimes after, sometimes just
                // then.
                Thread.SpinWait(received % 600);
            }
        }
    }

    [Test]
    public async Task A_megabyte_is_read_to_its_end_wait_by_wait(CancellationToken cancellationToken)
    {
        await using var pair = await MakeAsync(cancellationToken);
        var bytes = new byte[1024 * 1024];
        new Random(7).NextBytes(bytes);
        bytes.AsSpan().Replace((byte)0xff, (byte)0);

        var sending = pair.Peer.SendAsync(bytes, cancellationToken);
        var heard = new List<byte>(bytes.Length);
        while (heard.Count < bytes.Length)
        {
            await WaitAsync(pair, cancellationToken);
            heard.AddRange(_buffer.AsSpan(0, await pair.Connection.ReceiveAsync(_buffer, cancellationToken)));
        }

        await sending;
        Assert.That(heard.ToArray().AsSpan().SequenceEqual(bytes), Is.True);
    }

    private async Task<TcpPair> MakeAsync(CancellationToken cancellationToken) =>
        await TcpPair.MakeAsync(new TcpListenerOptions(), cancellationToken, usesLoops: usesLoops);

    private static async Task WaitAsync(TcpPair pair, CancellationToken cancellationToken) =>
        await ((IReceiveReadiness)pair.Connection).WaitToReceiveAsync(cancellationToken);
}
