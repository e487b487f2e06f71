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
