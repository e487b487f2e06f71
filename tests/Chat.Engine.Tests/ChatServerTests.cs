using Chat.Commands;
using Chat.Connections;
using Chat.Engine.Registrations;
using Chat.Events;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chat.Engine.Tests;

[CancelAfter(10000)]
public sealed class ChatServerTests
{
    [Test]
    public async Task F22_a_server_that_has_been_stopped_refuses_to_start_again()
    {
        await using var server = ChatServer.Create(_ => { });
        await server.StartAsync();
        await server.StopAsync();

        Assert.That(
            async () => await server.StartAsync(),
            Throws.InvalidOperationException.With.Message.Contains("has been stopped"));
    }

    [Test]
    public async Task F22_options_with_listeners_make_one_server_and_no_second()
    {
        var options = new ChatServerOptions { Listeners = { new MemoryListener() } };
        await using var first = new ChatServer(options);

        Assert.That(
            () => new ChatServer(options),
            Throws.InvalidOperationException.With.Message.Contains("already belong to a server"));
    }

    [Test]
    public async Task Stopping_says_goodbye_to_everyone_and_closes(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await chat.Server.StopAsync(cancellationToken);

        foreach (var client in clients)
            Assert.That((await client.ReadToEndAsync())[^1], Is.EqualTo("The server is stopping. Goodbye."));
        Assert.That(chat.Listener.IsDisposed, Is.True);
    }

    [Test]
    public async Task Whoever_is_still_there_at_the_stop_is_not_told_of_the_others_going(
        CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob", "eve");

        await chat.Server.StopAsync(cancellationToken);

        foreach (var client in clients)
            Assert.That(await client.ReadToEndAsync(), Is.EqualTo(new[] { "The server is stopping. Goodbye." }));
    }

    [Test]
    public async Task Telling_somebody_nothing_is_the_callers_mistake_and_not_theirs(
        CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        Assert.That(() => chat.Server.Tell("ann", null!), Throws.ArgumentNullException);
        Assert.That(await ann.PingAsync(), Is.Empty);
    }

    [Test]
    public async Task When_one_address_cannot_be_had_those_already_taken_are_given_back(
        CancellationToken cancellationToken)
    {
        var taken = new Mock<IConnectionListener>();
        var options = new ChatServerOptions();
        options.Listeners.Add(taken.Object);
        options.Listeners.Add(new TakenListener());
        var server = new ChatServer(options);

        Assert.That(
            async () => await server.PrepareAsync(cancellationToken),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("in use"));
        taken.Verify(listener => listener.DisposeAsync(), Times.Once);
        Assert.That(
            async () => await server.StartAsync(cancellationToken),
            Throws.InvalidOperationException.With.Message.Contains("Create another one."));
        taken.Verify(listener => listener.ListenAsync(It.IsAny<CancellationToken>()), Times.Once);
        await server.DisposeAsync();
    }

    [Test]
    public async Task Whoever_asks_for_the_stop_again_waits_for_it_too(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await TestChat.StartAsync(
            options => (options.Clock, options.StopTimeout) = (clock, TimeSpan.FromSeconds(5)),
            cancellationToken,
            capacity: 64);
        await chat.Connect().SendLineAsync("/help");

        var stopping = chat.Server.StopAsync(cancellationToken);
        var again = chat.Server.StopAsync(cancellationToken);
        var wasDone = again.IsCompleted;
        while (!stopping.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await again.WaitAsync(cancellationToken);
        Assert.That(wasDone, Is.False);
    }

    /// <summary>The disk may be full.</summary>
    [Test]
    public async Task A_log_that_fails_ends_nothing(CancellationToken cancellationToken)
    {
        using var log = new FullDiskLog();
        using var released = new ManualResetEventSlim();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.LoggerFactory = log;
                (options.HookWarnAfter, options.HookTimeBudget) = (
                    TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(30));
                options.AddHook("slow", message =>
                {
                    while (message.Text == "stick" && !released.IsSet)
                        Thread.Yield();
                    return HookResult.Pass;
                });
            },
            cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync("stick");
        await clients[1].ExpectAsync("<ann> stick");
        released.Set();
        clients[0].Reset();
        await clients[1].ExpectAsync("ann left");

        Assert.That(await clients[1].PingAsync(), Is.Empty);
        Assert.That(log.Warnings, Is.Not.Zero);
    }

    [Test]
    public async Task Stopping_ends_though_a_client_never_reads(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.StopTimeout = TimeSpan.FromMilliseconds(10), cancellationToken, capacity: 64);
        var stuck = chat.Connect();
        await stuck.SendLineAsync("/help");

        Assert.That(
            async () => await chat.Server.StopAsync(cancellationToken).WaitAsync(cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task Stopping_ends_though_a_hook_never_returns(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<HookResult>();
        var called = new TaskCompletionSource();
        var chat = await TestChat.StartAsync(
            options =>
            {
                options.StopTimeout = TimeSpan.Zero;
                options.AddHook("stuck", async _ =>
                {
                    called.TrySetResult();
                    return await never.Task;
                });
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("hello");
        await called.Task.WaitAsync(cancellationToken);

        Assert.That(async () => await chat.DisposeAsync().AsTask().WaitAsync(cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task What_the_host_says_is_seen_without_anyone_of_that_nick(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await chat.Server.Room("#LOBBY").SayAsync("system", "one\r\ntwo", cancellationToken);
        await chat.Server.Room("lobby").AnnounceAsync("news", cancellationToken);

        Assert.That(await ann.PingAsync(), Is.EqualTo(new[] { "<system> one  two", "*** news" }));
    }

    [TestCase("two words", "hi")]
    [TestCase("ok", "")]
    [TestCase("ok", "\u001b")]
    public async Task What_the_host_says_is_checked_as_user_input_is(
        string nick, string text, CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);

        Assert.That(
            async () => await chat.Server.Room("lobby").SayAsync(nick, text, cancellationToken),
            Throws.ArgumentException);
    }

    [Test]
    public async Task A_hook_sees_what_the_host_says_only_when_it_asks(CancellationToken cancellationToken)
    {
        CollectingHook clients = new(), host = new();
        await using var chat = await TestChat.StartAsync(
            options =>
                options.Add((IMessageHook)clients, "clients").Add(
                    (IMessageHook)host, "host", new HookOptions { Origins = MessageOrigins.Host }),
            cancellationToken);

        await chat.Server.Room("lobby").SayAsync("system", "hi", cancellationToken);

        Assert.That((clients.Texts.Count, host.Texts.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task What_is_said_as_a_person_is_seen_by_the_hooks_for_people_and_their_answer_comes_back(
        CancellationToken cancellationToken)
    {
        CollectingHook clients = new(HookResult.Pass.Reply("noted")), host = new();
        await using var chat = await TestChat.StartAsync(
            options =>
                options.Add((IMessageHook)clients, "clients").Add(
                    (IMessageHook)host, "host", new HookOptions { Origins = MessageOrigins.Host }),
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        var told = await chat.Server.SayAsPersonAsync("#lobby", "guest", "/me hi", cancellationToken);

        Assert.That(told, Is.EqualTo(new[] { "noted" }));
        Assert.That((clients.Texts.Count, host.Texts.Count), Is.EqualTo((1, 0)));
        Assert.That(await ann.PingAsync(), Is.EqualTo(new[] { "<guest> /me hi" }));
    }

    [TestCase("two words", "hi")]
    [TestCase("ok", "")]
    public async Task What_is_said_as_a_person_is_checked_too(
        string nick, string text, CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);

        Assert.That(
            async () => await chat.Server.SayAsPersonAsync("lobby", nick, text, cancellationToken),
            Throws.ArgumentException);
    }

    [Test]
    public async Task Telling_one_person_reaches_nobody_else(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        var told = (chat.Server.Tell("ANN", "one\ntwo"), chat.Server.Tell("nobody", "x"));

        Assert.That(told, Is.EqualTo((true, false)));
        Assert.That(await clients[0].PingAsync(), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(await clients[1].PingAsync(), Is.Empty);
    }

    [Test]
    public async Task Several_listeners_serve_one_chat(CancellationToken cancellationToken)
    {
        var second = new MemoryListener();
        await using var chat = await TestChat.StartAsync(options => options.Listeners.Add(second), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        var other = second.Connect(cancellationToken);
        await other.ExpectAsync("joined");
        await other.SendLineAsync("from afar");

        Assert.That(await ann.ExpectAsync("from afar"), Does.StartWith("<guest"));
    }

    [Test]
    public async Task A_listener_that_fails_once_goes_on_accepting(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        var listener = new MemoryListener();
        listener.FailNextAccept("too many open files");
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.LoggerFactory = log;
                options.Listeners.Add(listener);
            },
            cancellationToken);

        var client = listener.Connect(cancellationToken);

        Assert.That(await client.ReadLineAsync(), Does.StartWith("Welcome"));
        Assert.That(await log.WaitForAsync("Cannot accept", cancellationToken), Does.Contain("too many open files"));
    }

    [Test]
    public async Task A_command_of_the_application_answers_and_its_failure_is_contained(
        CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.LoggerFactory = log;
                options.AddCommand(
                    new ChatCommand("roll", "", "rolls", (call, _) => CommandResult.Announce($"{call.Nick} rolls 4")));
                options.AddCommand(
                    new ChatCommand("bad", "", "fails", (_, _) => throw new InvalidOperationException("oh no")));
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/roll");
        await ann.SendLineAsync("/bad");

        Assert.That(
            await ann.PingAsync(),
            Is.EqualTo(new[] { "*** ann rolls 4", "The command /bad failed. The operator can see why." }));
        Assert.That(log.Lines.All, Has.Some.Contains("Command /bad").And.Some.Contains("oh no"));
    }

    [Test]
    public async Task A_line_that_has_begun_ends_with_the_hooks_it_began_with(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var holding = new HoldingHook();
        var old = new Registration("plugin", "v1");
        old.Add(holding);
        old.Add(new Chat.Engine.Hooks.DelegateHook(message => HookResult.Rewrite($"{message.Text} v1")));
        var next = new Registration("plugin", "v2");
        next.Add(new Chat.Engine.Hooks.DelegateHook(message => HookResult.Rewrite($"{message.Text} v2")));
        await chat.Server.SwapAsync(null, old);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("begun");
        await holding.Held.WaitForAsync(1, cancellationToken);

        var drained = chat.Server.SwapAsync(old, next);
        await clients[1].SendLineAsync("fresh");
        var meanwhile = await clients[1].PingAsync();
        var early = drained.IsCompleted;
        holding.Release();
        await drained.WaitAsync(cancellationToken);

        Assert.That((early, meanwhile[0]), Is.EqualTo((false, "<bob> fresh v2")));
        Assert.That((await clients[0].PingAsync())[^1], Is.EqualTo("<ann> begun v1"));
    }

    [Test]
    public async Task A_reader_of_a_room_sees_what_happens_from_its_call_on(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("before");
        await ann.PingAsync();

        var reading = chat.Server.Room("lobby").ReadAsync();
        await ann.SendLineAsync("hello");
        await ann.CloseAsync();

        List<string> seen = [];
        await foreach (var happened in reading.WithCancellation(cancellationToken))
        {
            seen.Add(happened switch { Said said => said.Text, _ => happened.GetType().Name });
            if (happened is Left)
                break;
        }

        Assert.That(seen, Is.EqualTo(new[] { "hello", "Left" }));
        Assert.That(
            async () => await reading.GetAsyncEnumerator(cancellationToken).MoveNextAsync(),
            Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_reader_that_was_lapped_learns_how_much_it_missed_and_goes_on(
        CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => (options.LogCapacity, options.MaxLagLines) = (16, 8), cancellationToken);
        var room = chat.Server.Room("tea");
        var events = room.ReadAsync().GetAsyncEnumerator(cancellationToken);
        for (var line = 0; line < 20; line++)
            await room.SayAsync("bot", $"{line}", cancellationToken);

        await events.MoveNextAsync();
        var first = events.Current;
        await room.SayAsync("bot", "next", cancellationToken);
        await events.MoveNextAsync();

        Assert.That((first, ((Said)events.Current).Text), Is.EqualTo((new LinesSkipped("tea", 20), "next")));
        await events.DisposeAsync();
    }

    [Test]
    public async Task A_reader_ends_when_the_server_stops(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var events = chat.Server.Room("tea").ReadAsync().GetAsyncEnumerator(cancellationToken);
        var next = events.MoveNextAsync().AsTask();

        await chat.Server.StopAsync(cancellationToken);

        Assert.That(await next.WaitAsync(cancellationToken), Is.False);
    }

    /// <summary>A listener whose address somebody else has.</summary>
    private sealed class TakenListener : IConnectionListener
    {
        public System.Net.EndPoint EndPoint { get; } = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1);

        public ValueTask ListenAsync(CancellationToken cancellationToken) => throw new IOException("in use");

        public ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }

    [Test]
    public async Task What_could_not_be_loaded_is_known_until_it_is_mended()
    {
        await using var server = new ChatServer(new ChatServerOptions());
        server.ReportProblem("b", "b.csx: line 3 is wrong");
        server.ReportProblem("a", "a.dll: it is empty");

        Assert.That(server.Problems, Is.EqualTo(new[] { "a.dll: it is empty", "b.csx: line 3 is wrong" }));
        server.ReportProblem("a", null);
        Assert.That(server.Problems, Is.EqualTo(new[] { "b.csx: line 3 is wrong" }));
    }

    private sealed class FullDiskLog : ILoggerFactory, ILogger
    {
        private int _warnings;

        /// <summary>How many there would have been.</summary>
        public int Warnings => Volatile.Read(ref _warnings);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new IOException("no space left");

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Interlocked.Increment(ref _warnings);
            throw new IOException("no space left");
        }

        public void Dispose()
        {
        }
    }
}
