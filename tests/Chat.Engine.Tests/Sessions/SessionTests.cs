using System.Text;
using Chat.Commands;
using Chat.Engine.Inbound;
using Chat.Engine.Registrations;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Sessions;

[CancelAfter(10000)]
public sealed class SessionTests
{
    [Test]
    public async Task A_line_that_is_too_long_is_refused_each_time_and_logged_once(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(options => options.LoggerFactory = log, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        for (var time = 0; time < 3; time++)
            await ann.SendLineAsync(new string('x', 5000));

        Assert.That(
            await ann.PingAsync(), Is.EqualTo(Enumerable.Repeat("Not sent: that line was longer than 4096 bytes.", 3)));
        Assert.That(
            log.Lines.All.Count(line => line.Contains("sent a line longer than 4096 bytes", StringComparison.Ordinal)),
            Is.EqualTo(1));
    }

    [Test]
    public async Task Lines_are_of_the_time_when_they_arrived_however_long_those_before_them_took(
        CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        var arrived = new List<double>();
        void TakeTime() => time.Advance(TimeSpan.FromMilliseconds(10));
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (options.Clock, options.GreetingDelay) = (time, TimeSpan.Zero);
                options.AddCommand(new ChatCommand("slow", "", "", (_, _) =>
                {
                    TakeTime();
                    return CommandResult.Done;
                }));
                options.AddHook("slow", message =>
                {
                    arrived.Add((message.Time - time.Start).TotalMilliseconds);
                    TakeTime();
                    return new ValueTask<HookResult>(HookResult.Pass);
                });
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/slow\none\ntwo");
        await ann.ExpectAsync("two");
        await ann.SendLineAsync("three");
        await ann.ExpectAsync("three");

        Assert.That(arrived, Is.EqualTo(new[] { 0, 0, 30 }));
    }

    [Test]
    public async Task Who_has_quit_says_nothing_more_though_it_came_in_the_same_piece(
        CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync("before\n/quit\nafter");

        Assert.That((await clients[0].ReadToEndAsync())[0], Is.EqualTo("<ann> before"));
        await clients[1].ExpectAsync("ann left");
        Assert.That(clients[1].Seen, Has.None.Contains("after"));
    }

    [Test]
    public async Task Who_is_sent_away_for_wrong_keys_gets_no_further_try(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.OperatorKey = "the right key", cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync(
            string.Concat(Enumerable.Repeat("/operator a wrong key\n", 5)) + "/operator the right key");

        Assert.That(await ann.ReadToEndAsync(), Has.None.Contains("You are an operator"));
    }

    /// <summary>A line is done with before its replies are read.</summary>
    [Test]
    public async Task Who_does_not_read_does_not_keep_a_plugin_in_use(CancellationToken cancellationToken)
    {
        const int Waiting = 8;
        using var called = new SemaphoreSlim(0);
        var registration = new Registration("chatty", "chatty.dll");
        registration.Add(new ChatCommand("chat", "", "", (_, _) =>
        {
            called.Release();
            return CommandResult.Reply(new string('x', 1000));
        }));
        await using var chat = await TestChat.StartAsync(
            options => options.Add(registration).MaxUnreadReplies = Waiting, cancellationToken, capacity: 64);
        var ann = await chat.EnterAsync("ann");

        // At least one reply is on its way, eight are in the inbox, the next one waits.
        var sending = ann.SendLineAsync(string.Concat(Enumerable.Repeat("/chat\n", 100)));
        for (var call = 0; call < Waiting + 2; call++)
            await called.WaitAsync(cancellationToken);

        await chat.Server.SwapAsync(registration, null).WaitAsync(cancellationToken);
        ann.Reset();
        await Assert.ThatAsync(async () => await sending, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task The_greeting_names_the_guest_and_the_room(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => (options.Name, options.DefaultRoom) = ("Attic", "tea"), cancellationToken);

        var client = chat.Connect();
        var lines = new[] { await client.ReadLineAsync(), await client.ReadLineAsync() };

        Assert.That(lines, Is.EqualTo(new[]
        {
            "Welcome to Attic. You are guest1, in room tea with nobody else yet. Type /help for commands.",
            "*** guest1 joined tea",
        }));
    }

    [Test]
    public async Task The_greeting_counts_the_others(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        await chat.EnterAllAsync("ann", "bob");

        var greeting = await chat.Connect().ReadLineAsync();

        Assert.That(greeting, Does.Contain("with 2 others."));
    }

    [Test]
    public async Task No_two_clients_ever_get_the_same_guest_number(CancellationToken cancellationToken)
    {
        const int Clients = 50;
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var first = chat.Connect();
        await first.ExpectAsync("You are guest1,");
        await first.SendLineAsync("/nick guest3");
        await first.ExpectAsync("is now guest3");

        var greetings = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(async _ => await chat.Connect().ExpectAsync("You are guest")));

        var numbers = greetings.Select(greeting => greeting.Split(' ', ',')[5]).ToList();
        Assert.That(numbers, Is.Unique.And.No.Member("guest1").And.No.Member("guest3"));
    }

    [Test]
    public async Task Everyone_sees_what_is_said_the_speaker_too(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob", "carl");

        await clients[0].SendLineAsync("hello é 😀");

        foreach (var client in clients)
            Assert.That(await client.ReadLineAsync(), Is.EqualTo("<ann> hello é 😀"));
    }

    [Test]
    public async Task An_empty_line_does_nothing(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync("");
        await clients[0].SendLineAsync("   ");

        Assert.That(await clients[0].PingAsync(), Is.Empty);
        Assert.That(await clients[1].PingAsync(), Is.Empty);
    }

    [Test]
    public async Task A_line_that_is_too_long_is_refused_and_the_connection_goes_on(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => (options.MaxLineBytes, options.MaxMessageBytes) = (64, 64), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync(new string('x', 65));
        await clients[0].SendLineAsync(new string('y', 64));

        Assert.That(
            await clients[0].PingAsync(),
            Is.EqualTo(new[] { "Not sent: that line was longer than 64 bytes.", $"<ann> {new string('y', 64)}" }));
        Assert.That(await clients[1].PingAsync(), Is.EqualTo(new[] { $"<ann> {new string('y', 64)}" }));
    }

    [Test]
    public async Task A_message_that_is_too_long_is_refused_with_its_size(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(options => options.MaxMessageBytes = 10, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("12345678901");

        Assert.That(
            await ann.PingAsync(), Is.EqualTo(new[] { "Not sent: it has 11 bytes; a message has at most 10." }));
    }

    [Test]
    public async Task A_last_line_without_its_end_is_said_on_a_clean_end(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendBytesAsync("one\nlast words"u8.ToArray());
        var own = await clients[0].CloseAsync();

        Assert.That(own, Is.EqualTo(new[] { "<ann> one", "<ann> last words" }));
        await clients[1].ExpectAsync("*** ann left lobby");
        Assert.That(
            clients[1].Seen.TakeLast(3), Is.EqualTo(new[] { "<ann> one", "<ann> last words", "*** ann left lobby" }));
    }

    [Test]
    public async Task A_line_the_connection_breaks_in_is_never_said(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("whole");
        await clients[1].ExpectAsync("whole");

        await clients[0].SendBytesAsync("cut"u8.ToArray());
        clients[0].Reset();

        Assert.That(await clients[1].ReadLineAsync(), Is.EqualTo("*** ann left lobby (connection lost)"));
    }

    [Test]
    public async Task A_nick_is_free_again_once_its_owner_has_gone(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.CloseAsync();
        var second = await chat.EnterAsync("ann");

        Assert.That(second.Seen[^1], Does.EndWith("is now ann"));
    }

    [Test]
    public async Task A_connection_that_breaks_before_its_greeting_is_never_seen(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(
            options => Slow(options, new WatchedTime(), log), cancellationToken);
        var ann = await chat.EnterAsync("ann");

        chat.Listener.Open(cancellationToken).Client.Reset();
        await log.WaitForAsync("Connection c2 () closed", cancellationToken);
        chat.Listener.Open(cancellationToken).Client.EndSending();
        await log.WaitForAsync("Connection c3 () closed", cancellationToken);

        await chat.EnterAsync("bob");
        Assert.That(await ann.PingAsync(), Is.EqualTo(new[] { "*** guest2 joined lobby", "*** guest2 is now bob" }));
    }

    [Test]
    public async Task A_client_that_says_nothing_is_greeted_after_the_delay(CancellationToken cancellationToken)
    {
        var time = new WatchedTime();
        await using var chat = await TestChat.StartAsync(
            options => Slow(options, time, new CollectingLog()), cancellationToken);
        var client = chat.Connect();

        await time.PassAsync(TimeSpan.FromSeconds(5), cancellationToken);

        Assert.That(await client.ReadLineAsync(), Does.StartWith("Welcome"));
    }

    [Test]
    public async Task A_client_that_speaks_first_is_greeted_before_its_answer(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => Slow(options, new WatchedTime(), new CollectingLog()), cancellationToken);
        var client = chat.Connect();

        await client.SendLineAsync("/ping x");
        await client.ExpectAsync("pong x");

        Assert.That(
            client.Seen,
            Has.Count.EqualTo(3).And.ItemAt(0).StartsWith("Welcome").And.ItemAt(1).EqualTo("*** guest1 joined lobby"));
    }

    [Test]
    public async Task A_client_that_was_not_greeted_when_the_server_stops_is_not_let_in(
        CancellationToken cancellationToken)
    {
        var time = new WatchedTime();
        await using var chat = await TestChat.StartAsync(
            options => Slow(options, time, new CollectingLog()), cancellationToken);
        var observed = new Collected<string>();
        var observer = new Chat.Engine.Registrations.Registration("watch", "test");
        observer.Add(seen =>
        {
            observed.Add($"{seen}");
            return default;
        });
        _ = chat.Server.SwapAsync(null, observer);
        var client = chat.Connect();
        await time.Timers.WaitForAsync(due => due == TimeSpan.FromSeconds(5), cancellationToken);

        await chat.Server.StopAsync(cancellationToken);

        Assert.That(await client.ReadToEndAsync(), Is.Empty);
        Assert.That(observed.All, Is.Empty);
    }

    [Test]
    public async Task A_session_that_has_ended_can_be_ended_and_broken_again(CancellationToken cancellationToken)
    {
        // Whoever stops the server, and a timer that fires at that moment, may hold on to a session that has just gone.
        await using var services = new SomeServices();
        var connection = new MemoryConnection(cancellationToken: cancellationToken);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var session = services.NewSession(connection, _ => ended.SetResult(true));
        connection.Client.EndSending();
        ReadLoop.Start(session, services.Inbound);
        await ended.Task.WaitAsync(cancellationToken);

        Assert.That(() => session.End("late", "late"), Throws.Nothing);
        Assert.That(() => session.Break("late"), Throws.Nothing);
    }

    [Test]
    public async Task A_reply_never_overtakes_an_earlier_line(CancellationToken cancellationToken)
    {
        const int Lines = 300;
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        var talking = Task.Run(
            async () =>
            {
                for (var line = 0; line < Lines; line++)
                    await clients[1].SendLineAsync($"noise {line}");
            },
            cancellationToken);
        for (var line = 0; line < Lines; line++)
        {
            await clients[0].SendLineAsync($"line {line}");
            await clients[0].SendLineAsync($"/ping {line}");
        }

        await clients[0].ExpectAsync($"pong {Lines - 1}");
        await talking;
        var own = clients[0].Seen.Where(
            line =>
                line.StartsWith("<ann>", StringComparison.Ordinal)
                    || line.StartsWith("pong", StringComparison.Ordinal));
        Assert.That(
            own.TakeLast(2 * Lines),
            Is.EqualTo(Enumerable.Range(0, Lines).SelectMany(line => new[] { $"<ann> line {line}", $"pong {line}" })));
    }

    [Test]
    public async Task All_members_see_the_same_lines_in_the_same_order(CancellationToken cancellationToken)
    {
        const int Each = 200;
        string[] nicks = ["ann", "bob", "carl", "dora"];
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync(nicks);

        var speaking = clients.Select((client, who) => Task.Run(
            async () =>
            {
                for (var line = 0; line < Each; line++)
                    await client.SendLineAsync($"{who}:{line}");
            },
            cancellationToken)).ToList();
        var seen = await Task.WhenAll(clients.Select(async client =>
        {
            List<string?> lines = [];
            while (lines.Count < nicks.Length * Each)
                lines.Add(await client.ReadLineAsync());
            return string.Join("\n", lines);
        }));
        await Task.WhenAll(speaking);

        Assert.That(seen, Is.All.EqualTo(seen[0]));
        for (var who = 0; who < nicks.Length; who++)
        {
            var own = seen[0].Split('\n').Where(line => line.StartsWith($"<{nicks[who]}>", StringComparison.Ordinal));
            Assert.That(own, Is.EqualTo(Enumerable.Range(0, Each).Select(line => $"<{nicks[who]}> {who}:{line}")));
        }
    }

    [Test]
    public async Task One_senders_lines_keep_their_order_whenever_their_hooks_complete(
        CancellationToken cancellationToken)
    {
        const int Lines = 200;
        var random = new Random(7);
        await using var chat = await TestChat.StartAsync(
            options => options.AddHook("wander", async _ =>
            {
                for (var yields = random.Next(5); yields > 0; yields--)
                    await Task.Yield();
                return HookResult.Pass;
            }),
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        for (var line = 0; line < Lines; line++)
            await ann.SendLineAsync($"{line}");

        Assert.That(await ann.PingAsync(), Is.EqualTo(Enumerable.Range(0, Lines).Select(line => $"<ann> {line}")));
    }

    [Test]
    public async Task A_hook_that_holds_one_persons_line_does_not_delay_anothers(CancellationToken cancellationToken)
    {
        var hook = new HoldingHook(message => message.Nick == "ann");
        await using var chat = await TestChat.StartAsync(options => options.Add(hook), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("held");
        await clients[0].SendLineAsync("behind it");
        await hook.Held.WaitForAsync(1, cancellationToken);

        await clients[1].SendLineAsync("free");
        var first = await clients[1].PingAsync();
        hook.Release();

        Assert.That(first, Is.EqualTo(new[] { "<bob> free" }));
        Assert.That(await clients[0].PingAsync(), Is.EqualTo(new[] { "<bob> free", "<ann> held", "<ann> behind it" }));
    }

    [Test]
    public async Task A_hooks_replies_and_refusals_reach_the_sender_alone(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options
                .AddHook("a", _ => HookResult.Pass.Reply("a reply"))
                .AddHook("b", message => message.Text == "no" ? HookResult.Reject("refused") : HookResult.Pass),
            cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync("no");
        await clients[0].SendLineAsync("yes");

        Assert.That(await clients[0].PingAsync(), Is.EqualTo(new[] { "a reply", "refused", "<ann> yes", "a reply" }));
        Assert.That(await clients[1].PingAsync(), Is.EqualTo(new[] { "<ann> yes" }));
    }

    [Test]
    public async Task What_arrives_in_single_bytes_is_one_line(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        foreach (var value in Encoding.UTF8.GetBytes("hé 😀\r\n"))
            await ann.SendBytesAsync(new[] { value });

        Assert.That(await ann.ReadLineAsync(), Is.EqualTo("<ann> hé 😀"));
    }

    private static void Slow(ChatServerOptions options, TimeProvider time, CollectingLog log) =>
        (options.GreetingDelay, options.Clock, options.LoggerFactory) = (TimeSpan.FromSeconds(5), time, log);
}
