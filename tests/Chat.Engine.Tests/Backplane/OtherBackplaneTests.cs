using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Chat.Backplane;
using Chat.Commands;
using Chat.Engine.Backplane;
using Chat.Engine.Tests.Hooks;
using Chat.Events;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Backplane;

/// <summary>What the engine does with the answers of a backplane that is not its own.</summary>
[CancelAfter(10000)]
public sealed class OtherBackplaneTests
{
    /// <summary>One that makes no task for each event uses its sources again, once their result has been
    /// taken.</summary>
    [Test]
    public async Task The_result_of_each_publishing_is_taken_once(CancellationToken cancellationToken)
    {
        var backplane = new PoolingBackplane();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.Backplane = backplane;
                options.AddCommand(
                    new ChatCommand("news", "", "", (_, _) => CommandResult.Announce("something has happened")));
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        for (var line = 0; line < 5; line++)
            await ann.SendLineAsync($"line {line}");
        await ann.SendLineAsync("/news");
        await ann.ExpectAsync("something has happened");
        await ann.PingAsync();

        Assert.That(backplane.Published, Is.GreaterThan(6));
        Assert.That(backplane.Taken, Is.EqualTo(backplane.Published));
    }

    /// <summary>One that has a single thread, and goes on with whoever waits right there.</summary>
    [Test]
    public async Task A_plugin_that_is_stuck_does_not_keep_the_backplanes_own_thread(
        CancellationToken cancellationToken)
    {
        var stuck = new StuckHook(text => text == "stick");
        var backplane = new SingleThreadBackplane();
        await using var chat = await TestChat.StartAsync(
            options => options.Add((IMessageHook)stuck, "stuck").Backplane = backplane, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync("hello\nstick");
        await backplane.Said.WaitForAsync(1, cancellationToken);
        backplane.GoOn();
        await stuck.Stuck.WaitForAsync(1, cancellationToken);
        await clients[1].SendLineAsync("still here");
        backplane.GoOn();

        await clients[1].ExpectAsync("<bob> still here");
        stuck.Release();
    }

    [Test]
    public async Task A_message_that_cannot_be_delivered_is_refused_and_the_session_goes_on(
        [Values] bool isAtOnce, CancellationToken cancellationToken)
    {
        var backplane = new FailingBackplane(isAtOnce);
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(
            options => (options.Backplane, options.LoggerFactory) = (backplane, log), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        backplane.Fails = true;
        await clients[0].SendLineAsync("hello");
        await clients[0].ExpectAsync("Not sent: the server cannot deliver messages at the moment.");
        await clients[0].SendLineAsync("/msg bob psst");
        await clients[0].ExpectAsync("Not sent: the server cannot deliver messages at the moment.");
        await clients[0].SendLineAsync("/join tea");
        await clients[0].ExpectAsync("The command /join failed.");
        backplane.Fails = false;
        await clients[0].SendLineAsync("again");

        await clients[1].ExpectAsync("<ann> again");
        Assert.That(
            log.Lines.All.Where(line => line.Contains("The backplane failed", StringComparison.Ordinal)),
            Has.Exactly(1).Contains("failed to publish Said"));
    }

    [Test]
    public async Task Who_cannot_be_signed_in_is_told(CancellationToken cancellationToken)
    {
        var backplane = new FailingBackplane(isAtOnce: false) { Fails = true };
        await using var chat = await TestChat.StartAsync(options => options.Backplane = backplane, cancellationToken);

        var lines = await chat.Connect().ReadToEndAsync();

        Assert.That(lines, Is.EqualTo(new[]
        {
            "Something went wrong in the server. The operator can see why. Goodbye.",
        }));
    }

    [Test]
    public async Task Who_leaves_while_the_backplane_fails_is_gone_on_this_server(CancellationToken cancellationToken)
    {
        var backplane = new FailingBackplane(isAtOnce: false);
        await using var chat = await TestChat.StartAsync(options => options.Backplane = backplane, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        backplane.Fails = true;
        await clients[0].CloseAsync();
        await clients[1].ExpectAsync("ann left lobby");
        backplane.Fails = false;
        await clients[1].SendLineAsync("/nick ann");

        await clients[1].ExpectAsync("bob is now ann");
    }

    [Test]
    public async Task Who_leaves_while_the_backplane_does_not_answer_is_gone_on_this_server(
        CancellationToken cancellationToken)
    {
        var backplane = new FailingBackplane(isAtOnce: false);
        var log = new CollectingLog();
        var time = new FakeTimeProvider();
        await using var chat = await TestChat.StartAsync(
            options => (options.Backplane, options.Clock, options.LoggerFactory) = (backplane, time, log),
            cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        backplane.Hangs = true;
        clients[0].EndSending();
        await backplane.Hanging.WaitForAsync(each => each is Left, cancellationToken);
        backplane.Hangs = false;
        while (!log.Lines.All.Any(line => line.Contains("(ann) closed", StringComparison.Ordinal)))
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        await clients[1].ExpectAsync("ann left lobby");
        await clients[1].SendLineAsync("/nick ann");
        await clients[1].ExpectAsync("bob is now ann");
    }

    private sealed class FailingBackplane(bool isAtOnce) : IBackplane
    {
        private readonly LocalBackplane _inner = new();

        public volatile bool Fails, Hangs;

        public Collected<ChatEvent> Hanging { get; } = new();

        public string Node => "";

        public ValueTask StartAsync(Action<ChatEvent> deliver, CancellationToken cancellationToken) =>
            _inner.StartAsync(deliver, cancellationToken);

        public ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
        {
            if (Hangs)
            {
                Hanging.Add(chatEvent);
                return new ValueTask(new TaskCompletionSource().Task);
            }

            if (!Fails)
                return _inner.PublishAsync(chatEvent, cancellationToken);
            var failure = new IOException("the broker is gone");
            return isAtOnce ? throw failure : new ValueTask(Task.FromException(failure));
        }

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }

    private sealed class SingleThreadBackplane : IBackplane
    {
        public string Node => "";

        private readonly BlockingCollection<(ChatEvent Happened, TaskCompletionSource Done)> _waiting = [];
        private readonly SemaphoreSlim _turns = new(0);

        /// <summary>What has been said to it.</summary>
        public Collected<ChatEvent> Said { get; } = new();

        /// <summary>Lets it bring back what has been said next.</summary>
        public void GoOn() => _turns.Release();

        public ValueTask StartAsync(Action<ChatEvent> deliver, CancellationToken cancellationToken)
        {
            new Thread(Run) { IsBackground = true }.Start();
            return default;

            void Run()
            {
                foreach (var (happened, done) in _waiting.GetConsumingEnumerable(CancellationToken.None))
                {
                    if (happened is Said)
                        _turns.Wait(CancellationToken.None);
                    deliver(happened);
                    done.SetResult();
                }
            }
        }

        public ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
        {
            var done = new TaskCompletionSource();
            _waiting.Add((chatEvent, done), cancellationToken);
            if (chatEvent is Said)
                Said.Add(chatEvent);
            return new ValueTask(done.Task);
        }

        public ValueTask DisposeAsync()
        {
            _waiting.CompleteAdding();
            return default;
        }
    }

    private sealed class PoolingBackplane : IBackplane, IValueTaskSource
    {
        private readonly LocalBackplane _inner = new();

        public string Node => "";

        public int Published { get; private set; }

        public int Taken { get; private set; }

        public ValueTask StartAsync(Action<ChatEvent> deliver, CancellationToken cancellationToken) =>
            _inner.StartAsync(deliver, cancellationToken);

        public async ValueTask DisposeAsync() => await _inner.DisposeAsync();

        public ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
        {
            Published++;
            _inner.PublishAsync(chatEvent, cancellationToken).AsTask().GetAwaiter().GetResult();
            return new ValueTask(this, 0);
        }

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => ValueTaskSourceStatus.Succeeded;

        void IValueTaskSource.OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags) => continuation(state);

        void IValueTaskSource.GetResult(short token) => Taken++;
    }
}
