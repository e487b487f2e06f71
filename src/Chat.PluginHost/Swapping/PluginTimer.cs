using Chat.Engine;
using Chat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Swapping;

/// <summary>One timer of a plugin: never two calls at once; failures are logged once a minute and do not end it.</summary>
internal sealed class PluginTimer(string plugin, TimeSpan interval, Func<ValueTask> tick, TimeProvider clock, ILogger logger) : ITimedCall
{
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private readonly object _lock = new();
    private TaskCompletionSource _due = NewSignal();
    private TaskCompletionSource? _call;
    private long? _loggedAt;
    private long _unlogged;

    /// <inheritdoc/>
    public Task Ended
    {
        get
        {
            lock (_lock)
                return _call?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Runs until the plugin is removed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var timer = clock.CreateTimer(static state => ((PluginTimer)state!).BeDue(), this, interval, interval);
        await using (timer.ConfigureAwait(false))
        {
            while (!stopping.IsCancellationRequested)
                await CallWhenDueAsync(stopping).ConfigureAwait(false);
        }

        End();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask CallWhenDueAsync(CancellationToken stopping)
    {
        try
        {
            await _due.Task.WaitAsync(stopping).ConfigureAwait(false);
            lock (_lock)
                _due = NewSignal();
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

        lock (_lock)
        {
            // Time may have come again during the call.
            if (!_due.Task.IsCompleted)
                End();
        }
    }

    private void BeDue()
    {
        lock (_lock)
        {
            _call ??= NewSignal();
            _due.TrySetResult();
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _call?.TrySetResult();
            _call = null;
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
