using Chat.Events;
using Chat.Scenes.Clients;

namespace Chat.Extensibility.Tests;

/// <summary>A recorder in memory that takes its time.</summary>
internal sealed class SlowRecorder : IEventRecorder
{
    private readonly SemaphoreSlim _turns = new(0);
    private int _failures;

    public Collected<RoomEvent> Recorded { get; } = new();

    /// <summary>How many calls are waiting or done.</summary>
    public Collected<int> Calls { get; } = new();

    public void FailOnce() => Interlocked.Increment(ref _failures);

    /// <summary>Lets it record a number of batches.</summary>
    public void GoOn(int batches = 1) => _turns.Release(batches);

    public async ValueTask RecordAsync(IReadOnlyList<RoomEvent> events, CancellationToken cancellationToken)
    {
        Calls.Add(events.Count);
        await _turns.WaitAsync(cancellationToken);
        if (Interlocked.Exchange(ref _failures, 0) > 0)
            throw new IOException("the disk is full");
        foreach (var each in events)
            Recorded.Add(each);
    }
}
