using System.Text;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Connections;

/// <summary>Clients that cannot take part, as they and the others see it.</summary>
[CancelAfter(10000)]
public sealed class ForeignClientTests
{
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\n\r\n/nick mallory\r\nhello\r\n", "HTTP/1.1 400 Bad Request", "HTTP")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nhello\r\n", "This server does not", "the PROXY protocol")]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n", "This is a chat server, not an SSH server.", "SSH")]
    [TestCase("\u0016\u0003\u0001\n/nick mallory\nhello\n", "\u0015\u0003\u0001\0\u0002\u0002(", "TLS")]
    public async Task F6_another_protocol_is_answered_and_nobody_sees_it(
        string says, string hears, string protocol, CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (options.LoggerFactory, options.Clock) = (log, new FakeTimeProvider());
                options.GreetingDelay = TimeSpan.FromSeconds(1);
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");
        var stranger = chat.Listener.Open(cancellationToken);

        await stranger.ClientSide.SendAsync(Encoding.UTF8.GetBytes(says), cancellationToken);
        var heard = await ReadToEndAsync(stranger.ClientSide, cancellationToken);

        Assert.That(heard, Does.StartWith(hears));
        Assert.That(await ann.PingAsync(), Is.Empty);
        Assert.That(log.Lines.All, Has.Some.EndsWith($"is being closed: the client speaks {protocol}."));
    }

    [Test]
    public async Task F6_one_that_comes_after_the_greeting_leaves_without_a_word(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");
        var stranger = chat.Connect();
        await stranger.ExpectAsync("joined");
        await ann.ExpectAsync("joined");

        await stranger.SendLineAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n/nick mallory");
        var heard = await stranger.ReadToEndAsync();

        Assert.That(heard, Is.EqualTo(new[] { "This is a chat server, not a web server. Connect with telnet or nc." }));
        Assert.That(await ann.ExpectAsync("left"), Does.EndWith("left lobby (the client speaks HTTP)"));
    }

    [TestCase("\ufeff/nick bob")]
    [TestCase("\ufeff/nick bob\r\n\ufeffhi")]
    public async Task F4_a_byte_order_mark_is_not_said(string says, CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var bob = chat.Connect();
        await bob.ExpectAsync("joined");

        await bob.SendLineAsync(says);
        await bob.SendLineAsync("bye");

        Assert.That(await bob.ExpectAsync("is now bob"), Is.EqualTo("*** guest1 is now bob"));
        await bob.ExpectAsync("<bob> bye");
        Assert.That(bob.Seen.Any(line => line.Contains('\ufeff')), Is.False);
    }

    [Test]
    public async Task G10_a_client_that_never_ends_its_line_is_cut_off_and_told_why(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");
        var bob = await chat.EnterAsync("bob");
        await ann.PingAsync();
        var sending = SendEndlesslyAsync(bob);

        var heard = await bob.ReadToEndAsync();

        Assert.That(
            heard, Is.EqualTo(new[] { "You have sent too much without ending the line and have been disconnected." }));
        Assert.That(await ann.ExpectAsync("left"), Is.EqualTo("*** bob left lobby (sent no end of a line)"));
        await Assert.ThatAsync(async () => await sending, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task F8_further_connections_are_told_that_the_server_is_full(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(
            options => (options.LoggerFactory, options.MaxConnections) = (log, 2), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        var told = await chat.Connect().ReadToEndAsync();
        await clients[1].CloseAsync();
        await log.WaitForAsync("(bob) closed", cancellationToken);
        var next = await EnterWhenThereIsRoomAsync(chat, cancellationToken);

        Assert.That(told, Is.EqualTo(new[] { "The server is full. Please try again later." }));
        Assert.That(log.Lines.All, Has.One.Contains("The server is full: there are 2 connections"));
        Assert.That(await next.PingAsync(), Is.Empty);
    }

    /// <summary>
    /// A connection counts until everything is done, which is a moment after the log says that it has been closed.
    /// </summary>
    private static async Task<TestClient> EnterWhenThereIsRoomAsync(TestChat chat, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            var client = chat.Connect();
            if (await client.ReadLineAsync() is { } line && line.StartsWith("Welcome", StringComparison.Ordinal))
            {
                await client.PingAsync();
                return client;
            }
        }
    }

    private static async Task SendEndlesslyAsync(TestClient client)
    {
        var piece = new byte[16 * 1024];
        piece.AsSpan().Fill((byte)'x');
        while (true)
            await client.SendBytesAsync(piece);
    }

    private static async Task<string> ReadToEndAsync(IClientSide side, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (await side.ReceiveAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var received)
            length += received;
        return Encoding.Latin1.GetString(buffer, 0, length);
    }
}
