namespace Chat.PluginHost.Context;

/// <summary>The background work of one version. None of it begins before the version is live.</summary>
internal sealed class PluginWork
{
    private readonly List<PluginTask> _tasks = [];
    private IReadOnlyList<Task> _working = [];

    /// <summary>Adds a task, before the start.</summary>
    public void Add(PluginTask task) => _tasks.Add(task);

    public void Start(CancellationToken stopping) =>
        Volatile.Write(ref _working, [.. _tasks.Select(task => task.RunAsync(stopping))]);

    public Task WhenEndedAsync() => Task.WhenAll(Volatile.Read(ref _working));

    /// <summary>What has not ended, in words.</summary>
    public IEnumerable<string> StillHeld()
    {
        var tasks = Volatile.Read(ref _working).Count(each => !each.IsCompleted);
        if (tasks > 0)
            yield return tasks == 1 ? "a background task" : $"{tasks} background tasks";
    }
}
