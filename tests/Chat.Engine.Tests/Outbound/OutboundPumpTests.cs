using System.Globalization;
using System.Net;
using Chat.Connections;
using Chat.Engine.Outbound;
using Chat.Engine.Protocols;
using Chat.Engine.Rooms;
using Chat.Engine.Tests.Rooms;
using Chat.Protocols;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.Engine.Tests.Outbound;

[CancelAfter(10000)]
public sealed class OutboundPumpTests
{
    private const int Small = 512;

    [TestCase(8, "<ann> hello", 8)]
    [TestCase(9, "*** 9 lines skipped: you were reading too slowly", 1)]
    public async Task A_member_past_the_lag_limit_is_skipped_ahead_and_told(
        int behind, string first, int count, CancellationToken cancellationToken)
    {
        var options = new ChatServerOptions { LogCapacity = 16, MaxLagLines = 8 };
        await using var services = new SomeServices(options);
        var connection = new MemoryConnection(cancellationToken: cancellationToken);
        var memberships = new Memberships();
        var member = services.Value.Rooms.Join("lobby", "bob", new AsyncAutoResetEvent());
        member.Cursor++;
        memberships.Add(member);
        for (var line = 0; line < behind; line++)
            member.Room.TryAppend(Some.Said());
        var pump = new OutboundPump(connection, memberships, services.Value.Outbound, new Nobody());

        pump.Start();
        await pump.CompleteAsync().WaitAsync(cancellationToken);
        await connection.DisposeAsync();

        var lines = await connection.Client.ReadToEndAsync();
        Assert.That((lines[0], lines.Count), Is.EqualTo((first, count)));
    }

    [Test]
    public async Task A_slow_member_misses_exactly_as_many_lines_as_it_is_told(CancellationToken cancellationToken)
    {
        const int Lines = 500;
        await using var chat = await TestChat.StartAsync(
            options => (options.LogCapacity, options.MaxLagLines) = (16, 8), cancellationToken, Small);
        var ann = await chat.EnterAsync("ann");
        var bob = await chat.EnterAsync("bob");

        // Ann reads each line before she says the next: she is never behind, however slow bob is.
        for (var line = 0; line < Lines; line++)
        {
            await ann.SendLineAsync($"line {line}");
            await ann.ExpectAsync($"<ann> line {line}");
        }

        var seen = await bob.PingAsync();
        var skipped = seen.Where(line => line.Contains("skipped", StringComparison.Ordinal)).Sum(
            line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        Assert.That(skipped, Is.Positive);
        Assert.That(
            seen.Count(line => line.StartsWith("<ann>", StringComparison.Ordinal)) + skipped, Is.EqualTo(Lines));
    }

    [Test]
    public async Task A_slow_member_is_disconnected_where_the_server_is_set_so(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options =>
                (options.LogCapacity, options.MaxLagLines, options.SlowMember) = (16, 8, SlowMemberPolicy.Disconnect),
            cancellationToken, Small);
        var ann = await chat.EnterAsync("ann");
        var bob = await chat.EnterAsync("bob");
        for (var line = 0; line < 200; line++)
        {
            await ann.SendLineAsync($"line {line}");
            await ann.ExpectAsync($"<ann> line {line}");
        }

        var seen = await bob.ReadToEndAsync();

        Assert.That(seen[^1], Is.EqualTo("You were reading too slowly and have been disconnected."));
        Assert.That(await ann.ReadLineAsync(), Is.EqualTo("*** bob left lobby (too slow for lobby)"));
    }

    [Test]
    public async Task A_connection_that_takes_no_byte_is_closed_with_the_reason_in_the_log(
        CancellationToken cancellationToken)
    {
        var time = new WatchedTime();
        var log = new CollectingLog();
        var timeout = TimeSpan.FromSeconds(7);
        await using var chat = await TestChat.StartAsync(
            options => (options.Clock, options.LoggerFactory, options.SendTimeout) = (time, log, timeout),
            cancellationToken, Small);
        var ann = await chat.EnterAsync("ann");
        var bob = chat.Listener.Open(cancellationToken);
        await bob.Client.SendLineAsync("/help");

        await time.Timers.WaitForAsync(due => due == timeout / 4, cancellationToken);
        time.Advance(timeout);

        Assert.That(
            await log.WaitForAsync("Warning: Conn", cancellationToken),
            Is.EqualTo("Warning: Connection c2 (guest2) is being closed: read nothing for 7 s."));
        Assert.That(await ann.ExpectAsync("left"), Is.EqualTo("*** guest2 left lobby (read nothing for 7 s)"));
    }

    [Test]
    public async Task A_connection_that_takes_some_bytes_is_slow_but_not_dead(CancellationToken cancellationToken)
    {
        var time = new WatchedTime();
        var log = new CollectingLog();
        var timeout = TimeSpan.FromSeconds(7);
        await using var chat = await TestChat.StartAsync(
            options => (options.Clock, options.LoggerFactory, options.SendTimeout) = (time, log, timeout),
            cancellationToken, 64);
        var connection = chat.Listener.Open(cancellationToken);
        var bob = connection.ClientSide;
        await bob.SendAsync("/help\n"u8.ToArray(), cancellationToken);

        // Each time something has been taken, nearly the whole time may pass again.
        await time.Timers.WaitForAsync(due => due == timeout / 4, cancellationToken);
        for (var piece = 1; piece <= 5; piece++)
        {
            time.Advance(timeout - TimeSpan.FromTicks(1));
            var timers = time.Timers.All.Count;
            await bob.ReceiveAsync(new byte[64], cancellationToken);
            await time.Timers.WaitForAsync(timers + 1, cancellationToken);
        }

        Assert.That(log.Lines.All, Has.None.Contains("being closed"));
        bob.Reset();
    }

    [Test]
    public async Task G4_a_peer_that_acknowledges_bytes_is_slow_but_not_dead(CancellationToken cancellationToken)
    {
        var time = new WatchedTime();
        var timeout = TimeSpan.FromSeconds(10);
        await using var services = new SomeServices(new ChatServerOptions { Clock = time, SendTimeout = timeout });
        var connection = new FullConnection();
        var owner = new Nobody();
        var pump = new OutboundPump(connection, new Memberships(), services.Value.Outbound, owner);
        pump.Inbox.TryPost(new Events.Notice("hello"));
        pump.Start();
        await time.Timers.WaitForAsync(due => due == timeout / 4, cancellationToken);

        for (var seconds = 0; seconds < 600; seconds += 4)
        {
            connection.AcknowledgedBytes += 1;
            time.Advance(TimeSpan.FromSeconds(4));
        }

        var whileItRead = owner.TimesStuck;
        time.Advance(timeout + (timeout / 4));
        Assert.That((whileItRead, owner.TimesStuck), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_whisperer_is_told_when_the_inbox_is_full(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.MaxUnreadReplies = 8, cancellationToken, Small);
        var ann = await chat.EnterAsync("ann");
        await chat.EnterAsync("bob");

        var answer = "";
        for (var line = 0; line < 500 && !answer.Contains("too much unread", StringComparison.Ordinal); line++)
        {
            await ann.SendLineAsync($"/msg bob {line}");
            answer = (await ann.PingAsync())[^1];
        }

        Assert.That(answer, Is.EqualTo("bob has too much unread already; your message was not delivered."));
    }

    [Test]
    public async Task A_clients_own_replies_wait_for_it_and_none_is_lost(CancellationToken cancellationToken)
    {
        const int Pings = 500;
        await using var chat = await TestChat.StartAsync(
            options => options.MaxUnreadReplies = 8, cancellationToken, Small);
        var ann = await chat.EnterAsync("ann");

        var asking = Task.Run(
            async () =>
            {
                for (var ping = 0; ping < Pings; ping++)
                    await ann.SendLineAsync($"/ping {ping}");
            },
            cancellationToken);
        List<string?> pongs = [];
        while (pongs.Count < Pings)
            pongs.Add(await ann.ReadLineAsync());
        await asking;

        Assert.That(pongs, Is.EqualTo(Enumerable.Range(0, Pings).Select(ping => $"pong {ping}")));
    }

    [Test]
    public async Task Every_whisper_is_either_shown_to_its_sender_or_refused(CancellationToken cancellationToken)
    {
        const int Whispers = 1000;
        await using var chat = await TestChat.StartAsync(
            options => options.MaxUnreadReplies = 8, cancellationToken, capacity: 64);
        var ann = await chat.EnterAsync("ann");
        await chat.EnterAsync("bob");

        var whispering = Task.Run(
            async () =>
            {
                for (var line = 0; line < Whispers; line++)
                    await ann.SendLineAsync($"/msg bob {line}");
                await ann.SendLineAsync("/ping end");
            },
            cancellationToken);
        await ann.ExpectAsync("pong end");
        await whispering;

        var shown = ann.Seen.Count(line => line.StartsWith("[ann -> bob]", StringComparison.Ordinal));
        var refused = ann.Seen.Count(line => line.Contains("too much unread", StringComparison.Ordinal));
        Assert.That(shown + refused, Is.EqualTo(Whispers));
    }

    /// <summary>Takes nothing, and tells how much the peer has acknowledged of what it took before.</summary>
    private sealed class FullConnection : IClientConnection, ISendProgress
    {
        private readonly TaskCompletionSource<int> _never = new();

        public string Id => "full";

        public EndPoint? RemoteEndPoint => null;

        public long? AcknowledgedBytes { get; set; } = 0;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            new(_never.Task);

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            new(_never.Task);

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Nobody : IPumpOwner
    {
        private static readonly TextProtocol _text = new("lobby");

        public IEventEncoder Encoder => _text;

        public void TooSlow(Member member)
        {
        }

        public int TimesStuck { get; private set; }

        public void Stuck() => TimesStuck++;

        public void Failed(Exception exception) => Assert.Fail(exception.Message);
    }
}
