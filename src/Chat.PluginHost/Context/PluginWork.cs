namespace Chat.PluginHost.Context;

/// <summary>The background work of one version. None of it begins before the version is live.</summary>
/// <remarks>The crash journal has the plugin as running while this work is on a thread, also after an <c>await</c> and
/// in tasks that it starts, and knows nothing of it while it waits: a process that is killed then does not count
/// against the plugin.</remarks>
internal sealed class PluginWork(string plugin, PluginJournal journal, ILogger logger)
{
    private readonly List<Func<CancellationToken, Task>> _tasks = [];
    private IReadOnlyList<Task> _working = [];

    public void Add(Func<CancellationToken, Task> task) => _tasks.Add(task);

    public void Start(CancellationToken stopping) =>
        Volatile.Write(ref _working, [.. _tasks.Select(task => RunAsync(task, stopping))]);

    public Task WhenEndedAsync() => Task.WhenAll(Volatile.Read(ref _working));

    /// <summary>What has not ended, in words.</summary>
    public IEnumerable<string> StillHeld()
    {
        var tasks = Volatile.Read(ref _working).Count(each => !each.IsCompleted);
        if (tasks > 0)
            yield return tasks == 1 ? "a background task" : $"{tasks} background tasks";
    }

    /// <summary>Runs one task. Never throws: a failure is logged.</summary>
    private async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        try
        {
            await Task.Run(WorkAsync, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was asked to end.
        }
        catch (Exception exception)
        {
            PluginLog.WorkFailed(logger, plugin, ExceptionText.Describe(exception));
        }

        async Task WorkAsync()
        {
            using var inside = journal.Inside();
            ScriptCancellation.BeginBackgroundWork();
            await work(stopping).ConfigureAwait(false);
        }
    }
}
