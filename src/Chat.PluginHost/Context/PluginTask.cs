using Chat.Engine.Diagnostics;
using Chat.PluginHost.Crashes;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Loading;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Context;

/// <summary>One piece of background work of a plugin. Over when it ends, and when it fails, which is logged.</summary>
internal sealed class PluginTask(string plugin, Func<CancellationToken, Task> work, PluginJournal notes, ILogger logger)
{
    /// <summary>Runs the work. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var note = notes.Around();
        try
        {
            await Task.Run(Work, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It has been asked to end.
        }
        catch (Exception exception)
        {
            PluginLog.WorkFailed(logger, plugin, ExceptionText.Describe(exception));
        }

        Task Work()
        {
            ScriptCancellation.BeginBackgroundWork();
            return work(stopping);
        }
    }
}
