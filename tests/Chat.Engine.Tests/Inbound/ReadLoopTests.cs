using System.Net;
using System.Text;
using Chat.Connections;
using Chat.Engine.Inbound;
using Chat.Engine.Scheduling;
using Chat.Engine.Tests.Scheduling;

namespace Chat.Engine.Tests.Inbound;

[CancelAfter(10000)]
public sealed class ReadLoopTests
{
    [Test]
    public async Task Who_sends_much_at_once_gives_way_to_what_others_wait_for_and_loses_nothing(
        CancellationToken cancellationToken)
    {
        const int Lines = 100_000;
        await using var services = new SomeServices();
        var connection = new FullConnection(Encoding.UTF8.GetBytes(new string('\n', Lines)));
        var other = new Other(() => connection.Received);

        await new TestLoop().RunAsync(loop =>
        {
            ReadLoop.Start(services.NewSession(connection), services.Inbound);
            other.Ask();
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        Assert.That(other.Seen, Is.LessThan(Lines));
        Assert.That(connection.Received, Is.EqualTo(Lines));
    }

    /// <summary>Something else that the loop has to do, and how much had been received when it came to it.</summary>
    private sealed class Other(Func<long> look) : WorkItem
    {
        public long Seen { get; private set; }

        public void Ask() => Queue();

        public override void Execute() => Seen = look();
    }

    /// <summary>Has all its bytes at once, and takes all.</summary>
    private sealed class FullConnection(byte[] bytes) : IClientConnection
    {
        private readonly TaskCompletionSource<int> _never = new();
        private int _next;

        public int Received => _next;

        public string Id => "full";

        public EndPoint? RemoteEndPoint => null;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = Math.Min(buffer.Length, bytes.Length - _next);
            if (count == 0)
                return new ValueTask<int>(_never.Task);
            bytes.AsSpan(_next, count).CopyTo(buffer.Span);
            _next += count;
            return new ValueTask<int>(count);
        }

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            new(bytes.Length);

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
