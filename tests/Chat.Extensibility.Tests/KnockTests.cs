using System.Text;
using Chat.Engine;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Extensibility.Tests;

/// <summary>A listener with a layer that has a handshake.</summary>
[CancelAfter(10000)]
public sealed class KnockTests
{
    [Test]
    public async Task The_chat_begins_after_the_handshake(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        var (chat, listener) = await StartAsync(new Knock(), log, TimeProvider.System, cancellationToken);
        await using var _ = chat;
        var bob = await chat.EnterAsync("bob");
        var ann = listener.Connect(cancellationToken);

        Assert.That(await bob.PingAsync(), Is.Empty);
        await ann.SendBytesAsync("KNOCK\n"u8.ToArray());
        await ann.ExpectAsync("come in");
        await bob.ExpectAsync("joined lobby");
        await ann.SendBytesAsync(Shift("hello\n"));

        await bob.ExpectAsync("> hello");
    }

    [Test]
    public async Task A_failed_handshake_closes_the_connection_and_the_log_says_why(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        var (chat, listener) = await StartAsync(new Knock(), log, TimeProvider.System, cancellationToken);
        await using var _ = chat;
        var ann = listener.Connect(cancellationToken);

        await ann.SendLineAsync("hello there");

        await log.WaitForAsync("did not knock", cancellationToken);
    }

    [Test]
    public async Task A_handshake_that_takes_too_long_is_given_up_and_holds_up_nobody(
        CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        var time = new FakeTimeProvider();
        var layer = new Knock();
        var (chat, listener) = await StartAsync(layer, log, time, cancellationToken);
        await using var _ = chat;
        listener.Connect(cancellationToken);
        await chat.EnterAsync("bob");
        await layer.Begun.WaitForAsync(1, cancellationToken);

        time.Advance(TimeSpan.FromSeconds(10));

        await log.WaitForAsync("the handshake took longer than 10 s", cancellationToken);
    }

    private static byte[] Shift(string text) =>
        Array.ConvertAll(Encoding.UTF8.GetBytes(text), value => (byte)(value + 1));

    private static async Task<(TestChat Chat, MemoryListener Listener)> StartAsync(
        Knock layer, CollectingLog log, TimeProvider clock, CancellationToken cancellationToken)
    {
        var listener = new MemoryListener();
        var chat = await TestChat.StartAsync(
            options =>
            {
                options.Listeners.Add(new ChatListener(listener) { Layers = { layer } });
                (options.LoggerFactory, options.Clock) = (log, clock);
            },
            cancellationToken);
        return (chat, listener);
    }
}
