using System.Threading.Tasks.Sources;
using Chat.Backplane;
using Chat.Engine.Backplane;
using Chat.Events;
using Chat.Testing;

namespace Chat.Engine.Tests.Backplane;

/// <summary>What the engine does with the answers of a backplane that is not its own.</summary>
[CancelAfter(10000)]
public sealed class OtherBackplaneTests
{
    /// <summary>One that makes no task for each event uses its sources again, once their result has been taken.</summary>
    [Test]
    public async Task The_result_of_each_publishing_is_taken_once(CancellationToken cancellationToken)
    {
        var backplane = new PoolingBackplane();
        await using var chat = await TestChat.StartAsync(options => options.Backplane = backplane, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        for (var line = 0; line < 5; line++)
            await ann.SendLineAsync($"line {line}");
        await ann.ExpectAsync("line 4");
        await ann.PingAsync();

        Assert.That((backplane.Published, backplane.Taken), Is.EqualTo((5, 5)));
    }

    private sealed class PoolingBackplane : IBackplane, IValueTaskSource
    {
        private readonly LocalBackplane _inner = new();

        public int Published { get; private set; }

        public int Taken { get; private set; }

        public ValueTask StartAsync(Action<RoomEvent> deliver, CancellationToken cancellationToken) => _inner.StartAsync(deliver, cancellationToken);

        public async ValueTask DisposeAsync() => await _inner.DisposeAsync();

        public ValueTask PublishAsync(RoomEvent roomEvent, CancellationToken cancellationToken)
        {
            Published++;
            _inner.PublishAsync(roomEvent, cancellationToken).AsTask().GetAwaiter().GetResult();
            return new ValueTask(this, 0);
        }

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => ValueTaskSourceStatus.Succeeded;

        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => continuation(state);

        void IValueTaskSource.GetResult(short token) => Taken++;
    }
}
