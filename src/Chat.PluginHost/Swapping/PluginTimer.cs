using Chat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Swapping;

/// <summary>One timer of a plugin: never two calls at once; failures are logged once a minute and do not end it.</summary>
internal sealed class PluginTimer(string plugin, TimeSpan interval, Func<ValueTask> tick, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private long? _loggedAt;
    private long _unlogged;

    /// <summary>Runs until the plugin is removed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                    return;
                await tick().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Report(ExceptionText.Describe(exception));
            }
        }
    }

    private void Report(string fault)
    {
        if (_loggedAt is { } last && clock.GetElapsedTime(last) < _quiet)
        {
            _unlogged++;
            return;
        }

        PluginLog.TimerFailed(logger, plugin, fault, _unlogged);
        _unlogged = 0;
        _loggedAt = clock.GetTimestamp();
    }
}
