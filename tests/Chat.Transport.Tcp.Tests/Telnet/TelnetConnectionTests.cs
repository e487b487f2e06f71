using System.Globalization;
using Chat.Transport.Tcp.Telnet;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Transport.Tcp.Tests.Telnet;

[CancelAfter(15000)]
public sealed class TelnetConnectionTests
{
    private readonly byte[] _buffer = new byte[4096];

    // The bytes that clients send when they connect are in the protocol notes; each list was recorded from the client
    // named.
    [TestCase(
        "ff fd 26 ff fb 26 ff fd 03 ff fb 18 ff fb 1f ff fb 20 ff fb 21 ff fb 22 ff fb 27 ff fd 05",
        "ff fc 26 ff fe 26 ff fc 03 ff fe 18 ff fe 1f ff fe 20 ff fe 21 ff fe 22 ff fe 27 ff fc 05",
        TestName = "Of_inetutils_telnet_the_chat_sees_only_the_line")]
    [TestCase(
        "ff fd 26 ff fb 26 ff fd 03 ff fb 18 ff fb 1f ff fb 20 ff fb 21 ff fb 22 ff fb 27 ff fd 05 ff fd 00 ff fb 00",
        "ff fc 26 ff fe 26 ff fc 03 ff fe 18 ff fe 1f ff fe 20 ff fe 21 ff fe 22 ff fe 27 ff fc 05 ff fc 00 ff fe 00",
        TestName = "Of_inetutils_telnet_with_8_bits_the_chat_sees_only_the_line")]
    [TestCase(
        "ff fb 25 ff fd 26 ff fb 26 ff fd 03 ff fb 18 ff fb 1f ff fb 20 ff fb 21 ff fb 22 ff fb 27 ff fd 05",
        "ff fe 25 ff fc 26 ff fe 26 ff fc 03 ff fe 18 ff fe 1f ff fe 20 ff fe 21 ff fe 22 ff fe 27 ff fc 05",
        TestName = "Of_inetutils_telnet_with_a_user_the_chat_sees_only_the_line")]
    [TestCase(
        "ff fb 27 ff fb 25 ff fd 03 ff fb 18 ff fb 1f ff fb 20 ff fb 21 ff fb 22 ff fd 05",
        "ff fe 27 ff fe 25 ff fc 03 ff fe 18 ff fe 1f ff fe 20 ff fe 21 ff fe 22 ff fc 05",
        TestName = "Of_netkit_telnet_the_chat_sees_only_the_line")]
    [TestCase(
        "ff fb 1f ff fb 20 ff fb 18 ff fb 27 ff fd 01 ff fb 03 ff fd 03",
        "ff fe 1f ff fe 20 ff fe 18 ff fe 27 ff fc 01 ff fe 03 ff fc 03",
        TestName = "Of_PuTTY_the_chat_sees_only_the_line")]
    public async Task A_real_client_opens(string opening, string replies, CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        inner.Receive(Bytes.Hex(opening));
        inner.Receive("hello\r\n"u8.ToArray());

        var received = await ReceiveAsync(telnet, cancellationToken);

        Assert.That(received, Is.EqualTo("hello\r\n"));
        Assert.That(Bytes.ToHex(inner.Sent), Is.EqualTo(replies));
    }

    [Test]
    public async Task Nothing_of_telnet_is_said_to_a_peer_that_has_not_begun_with_it(
        CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        inner.Receive([.. Enumerable.Range(0, 255).Select(value => (byte)value)]);

        await ReceiveAsync(telnet, cancellationToken);
        await telnet.SendAllAsync("hello\r\n"u8.ToArray(), cancellationToken);
        await telnet.DisposeAsync();

        Assert.That(inner.Sent, Is.EqualTo("hello\r\n"u8.ToArray()));
    }

    [Test]
    public async Task A_reply_is_sent_before_the_text_after_it_is_handed_on(CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        inner.Receive(Bytes.Hex("ff f4 ff fd 06 68 69 0d 0a"));

        var received = await ReceiveAsync(telnet, cancellationToken);
        await telnet.SendAllAsync("later\r\n"u8.ToArray(), cancellationToken);

        Assert.That(received, Is.EqualTo("\u0015hi\r\n"));
        Assert.That(Bytes.ToLatin(inner.Sent), Is.EqualTo("ÿû\u0006later\r\n"));
    }

    [Test]
    public async Task Output_that_comes_while_a_reply_is_held_up_follows_the_whole_reply(
        CancellationToken cancellationToken)
    {
        var gate = new TaskCompletionSource();
        var inner = new ScriptedConnection { Gate = gate.Task, MostTaken = () => 1 };
        var telnet = Over(inner);
        inner.Receive(Bytes.Hex("ff fd 01 ff fd 03 78"));

        var receiving = ReceiveAsync(telnet, cancellationToken);
        var sending = telnet.SendAllAsync("later\r\n"u8.ToArray(), cancellationToken);
        gate.SetResult();
        await receiving;
        await sending;

        Assert.That(Bytes.ToHex(inner.Sent), Is.EqualTo("ff fc 01 ff fc 03 " + Bytes.ToHex("later\r\n"u8.ToArray())));
    }

    [Test]
    public async Task A_receive_of_nothing_but_commands_does_not_look_like_the_end(CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        inner.Receive(Bytes.Hex("ff f1"));
        inner.Receive(Bytes.Hex("ff"));
        inner.Receive(Bytes.Hex("fa 18 00"));
        inner.Receive(Bytes.Hex("ff f0"));
        inner.Receive(Bytes.Hex("61"));

        Assert.That(await ReceiveAsync(telnet, cancellationToken), Is.EqualTo("a"));
    }

    [Test]
    public async Task The_end_of_the_inner_connection_is_the_end(CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        inner.Receive(Bytes.Hex("ff fd"));
        inner.Receive();

        Assert.That(await ReceiveAsync(telnet, cancellationToken), Is.Empty);
        Assert.That(inner.Sent, Is.Empty);
    }

    [Test]
    public async Task After_the_command_that_ends_the_input_no_more_is_read(CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        inner.Receive(Bytes.Hex("61 62 ff ec 63"));

        Assert.That(await ReceiveAsync(telnet, cancellationToken), Is.EqualTo("ab"));
        Assert.That(await ReceiveAsync(telnet, cancellationToken), Is.Empty);
    }

    [Test]
    public async Task A_request_before_the_end_of_the_input_is_still_answered(CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        inner.Receive(Bytes.Hex("ff fd 06 ff ec"));

        Assert.That(await ReceiveAsync(telnet, cancellationToken), Is.Empty);
        Assert.That(Bytes.ToHex(inner.Sent), Is.EqualTo("ff fb 06"));
    }

    [Test]
    public async Task Replies_and_output_sent_at_the_same_time_do_not_mix(CancellationToken cancellationToken)
    {
        const int Replies = 60, Lines = 400;
        var random = new Random(1);
        var inner = new ScriptedConnection { MostTaken = () => random.Next(1, 9) };
        var telnet = Over(inner);
        for (var reply = 0; reply < Replies; reply++)
            inner.Receive(Bytes.Hex("ff fd 06"));
        inner.Receive((byte)'x');
        var lines = string.Concat(
            Enumerable.Range(0, Lines).Select(line => line.ToString("line 0000\r\n", CultureInfo.InvariantCulture)));

        var receiving = Task.Run(() => ReceiveAsync(telnet, cancellationToken), cancellationToken);
        var sending = Task.Run(() => telnet.SendAllAsync(Bytes.Latin(lines), cancellationToken), cancellationToken);
        await Task.WhenAll(receiving, sending);

        var sent = Bytes.ToLatin(inner.Sent);
        var withoutReplies = sent.Replace("ÿû\u0006", "", StringComparison.Ordinal);
        Assert.That(withoutReplies, Is.EqualTo(lines));
        Assert.That(sent, Has.Length.EqualTo(lines.Length + (3 * Replies)));
        Assert.That(inner.HasOverlapped, Is.False);
    }

    [Test]
    public async Task A_peer_that_negotiates_without_end_breaks_the_connection(CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        for (var request = 0; request < 100; request++)
            inner.Receive(Bytes.Hex("ff fb 18"));

        await Assert.ThatAsync(
            () => ReceiveAsync(telnet, cancellationToken), Throws.InstanceOf<InvalidDataException>());
        Assert.That(inner.Sent, Has.Length.LessThanOrEqualTo(3 * 64));
    }

    [Test]
    public async Task Commands_without_end_do_not_keep_the_thread(CancellationToken cancellationToken)
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);
        for (var command = 0; command < 100; command++)
            inner.Receive(Bytes.Hex("ff f1"));
        inner.Receive(Bytes.Hex("61"));

        var receiving = telnet.ReceiveAsync(_buffer, cancellationToken);
        var hasLetGo = !receiving.IsCompleted;

        Assert.That(await receiving, Is.EqualTo(1));
        Assert.That(hasLetGo, Is.True);
    }

    [Test]
    public void What_is_not_telnet_is_the_inner_connections()
    {
        var inner = new ScriptedConnection();
        var telnet = Over(inner);

        telnet.Abort();

        Assert.That(telnet.Id, Is.EqualTo(inner.Id));
        Assert.That(telnet.RemoteEndPoint, Is.Null);
        Assert.That(inner.IsAborted, Is.True);
    }

    private static TelnetConnection Over(ScriptedConnection inner) => new(inner, new FakeTimeProvider());

    private async Task<string> ReceiveAsync(TelnetConnection telnet, CancellationToken cancellationToken) =>
        Bytes.ToLatin(_buffer[..await telnet.ReceiveAsync(_buffer, cancellationToken)]);
}
