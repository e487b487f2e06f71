namespace Chat.PluginHost.Swapping;

/// <summary>What of one version runs by itself: its timers and its background work. Nothing of it begins before the version is live.</summary>
internal sealed class PluginWork
{
    private readonly List<PluginTimer> _timers = [];
    private readonly List<PluginTask> _tasks = [];
    private readonly CancellationTokenSource _replaced = new();
    private IReadOnlyList<Task> _ticking = [];
    private IReadOnlyList<Task> _working = [];

    /// <summary>Adds a timer, before the start.</summary>
    public void Add(PluginTimer timer) => _timers.Add(timer);

    /// <summary>Adds background work, before the start.</summary>
    public void Add(PluginTask task) => _tasks.Add(task);

    /// <summary>Starts it all.</summary>
    /// <param name="stopping">What background work gets as its token.</param>
    public void Start(CancellationToken stopping)
    {
        Volatile.Write(ref _ticking, [.. _timers.Select(timer => timer.RunAsync(_replaced.Token))]);
        Volatile.Write(ref _working, [.. _tasks.Select(task => task.RunAsync(stopping))]);
    }

    /// <summary>Lets no tick begin any more. Those under way end as they began.</summary>
    public void StopTimers() => _replaced.Cancel();

    /// <summary>Completes when the ticks under way and the background work have ended.</summary>
    public Task WhenEndedAsync() => Task.WhenAll([.. Volatile.Read(ref _ticking), .. Volatile.Read(ref _working)]);

    /// <summary>What has not ended, in words.</summary>
    public IEnumerable<string> StillHeld()
    {
        var timers = Volatile.Read(ref _ticking).Count(each => !each.IsCompleted);
        var tasks = Volatile.Read(ref _working).Count(each => !each.IsCompleted);
        if (timers > 0)
            yield return timers == 1 ? "a timer" : $"{timers} timers";
        if (tasks > 0)
            yield return tasks == 1 ? "a background task" : $"{tasks} background tasks";
    }
}
