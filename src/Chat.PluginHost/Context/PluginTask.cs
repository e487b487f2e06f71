using Chat.Engine.Diagnostics;
using Chat.PluginHost.Crashes;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Loading;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Context;

/// <summary>One background task of a plugin. A failure ends it and is logged.</summary>
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
            // It was asked to stop.
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
