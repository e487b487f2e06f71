using System.Collections.Concurrent;
using Chat.Backplane;
using Chat.Events;
using Chat.Scenes.Clients;

namespace Chat.Extensibility.Tests;

/// <summary>A backplane in memory for several servers. It brings events back late, from a thread of its own, in one
/// order for all.</summary>
internal sealed class SharedOrder : IDisposable
{
    private readonly BlockingCollection<(ChatEvent Event, TaskCompletionSource Done)> _published = [];
    private readonly ConcurrentQueue<Action<ChatEvent>> _nodes = new();
    private readonly ManualResetEventSlim _isOpen = new(initialState: true);

    public SharedOrder() => new Thread(Run) { IsBackground = true }.Start();

    /// <summary>What has been published, delivered or not.</summary>
    public Collected<ChatEvent> Published { get; } = new();

    /// <summary>What has been delivered to all servers.</summary>
    public Collected<ChatEvent> Delivered { get; } = new();

    public IBackplane Connect(string node) => new Node(this, node);

    /// <summary>Keeps everything that is published from now on until <see cref="Release"/>.</summary>
    public void Hold() => _isOpen.Reset();

    public void Release() => _isOpen.Set();

    public void Dispose()
    {
        _published.CompleteAdding();
        _isOpen.Set();
    }

    private void Run()
    {
        foreach (var (happened, done) in _published.GetConsumingEnumerable())
        {
            _isOpen.Wait();
            foreach (var deliver in _nodes)
                deliver(happened);

            Delivered.Add(happened);

            // Continuations run here: whoever waits may hold up everyone.
            done.SetResult();
        }
    }

    private sealed class Node(SharedOrder order, string name) : IBackplane
    {
        string IBackplane.Node => name;

        public ValueTask StartAsync(Action<ChatEvent> deliver, CancellationToken cancellationToken)
        {
            order._nodes.Enqueue(deliver);
            return default;
        }

        public ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
        {
            var done = new TaskCompletionSource();
            order._published.Add((chatEvent, done), cancellationToken);
            order.Published.Add(chatEvent);
            return new ValueTask(done.Task.WaitAsync(cancellationToken));
        }

        public ValueTask DisposeAsync() => default;
    }
}
