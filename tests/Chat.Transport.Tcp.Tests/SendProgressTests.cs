using Chat.Connections;

namespace Chat.Transport.Tcp.Tests;

[TestFixture(true)]
[TestFixture(false)]
[Platform("Linux")]
[CancelAfter(15000)]
public sealed class SendProgressTests(bool usesLoops)
{
    [Test]
    public async Task G4_what_the_peer_has_acknowledged_is_counted(CancellationToken cancellationToken)
    {
        await using var pair = await TcpPair.MakeAsync(
            new TcpListenerOptions(), cancellationToken, usesLoops: usesLoops);
        var progress = (ISendProgress)pair.Connection;
        var before = progress.AcknowledgedBytes!.Value;

        await pair.Connection.SendAllAsync(new byte[1000], cancellationToken);
        await pair.Peer.ReadExactlyAsync(1000, cancellationToken);
        while (progress.AcknowledgedBytes < before + 1000)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.That(progress.AcknowledgedBytes, Is.EqualTo(before + 1000));
    }

    [Test]
    public async Task G4_a_peer_that_reads_nothing_acknowledges_nothing_more(CancellationToken cancellationToken)
    {
        var options = new TcpListenerOptions { SendBufferBytes = 4096 };
        await using var pair = await TcpPair.MakeAsync(
            options, cancellationToken, receiveBufferBytes: 4096, usesLoops: usesLoops);
        var progress = (ISendProgress)pair.Connection;

        var (taken, _) = await pair.Connection.FillAsync(new byte[64 * 1024], cancellationToken);

        Assert.That(progress.AcknowledgedBytes, Is.LessThan(taken));
    }

    [Test]
    public async Task After_the_end_nothing_is_known(CancellationToken cancellationToken)
    {
        await using var pair = await TcpPair.MakeAsync(
            new TcpListenerOptions(), cancellationToken, usesLoops: usesLoops);

        pair.Connection.Abort();

        Assert.That(((ISendProgress)pair.Connection).AcknowledgedBytes, Is.Null);
    }
}
