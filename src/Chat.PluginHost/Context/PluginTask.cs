namespace Chat.PluginHost.Context;

/// <summary>One piece of background work of a plugin. It ends when it returns or fails; a failure is logged.</summary>
/// <remarks>The crash journal has the plugin as running while this work is on a thread, also after an <c>await</c> and
/// in tasks that it starts. While it waits the journal knows nothing of it, so a process that is killed then does not
/// count against it.</remarks>
internal sealed class PluginTask(
    string plugin, Func<CancellationToken, Task> work, PluginJournal journal, ILogger logger)
{
    /// <summary>Runs the work. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
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
