namespace Chat.PluginHost;

/// <summary>Has the folders scanned whenever they may have changed.</summary>
/// <param name="watcher">Says when; disposed when the loop ends.</param>
/// <param name="isUnsettled">Whether the last scan found something half written.</param>
/// <param name="settle">Waits until files that nobody has reported stay as they are.</param>
/// <param name="scan">Scans, given the paths to read even if they look unchanged; <see langword="null"/> for
/// all.</param>
/// <param name="options">The times.</param>
/// <param name="logger">Gets an entry for each scan that fails.</param>
internal sealed class ScanLoop(
    PluginWatcher watcher, Func<bool> isUnsettled, Func<CancellationToken, Task> settle,
    Func<IReadOnlySet<string>?, CancellationToken, Task> scan, PluginHostOptions options, ILogger logger)
{
    /// <summary>After this many poll intervals all files are read: one may have changed, unreported, but kept its size
    /// and time.</summary>
    private const int IntervalsBetweenReadings = 30;

    private long _readAt = options.Clock.GetTimestamp();
    private bool _isComplete = true;

    /// <summary>Runs until the token is cancelled. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using (watcher)
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    if (!await watcher.WaitAsync(isUnsettled(), stopping).ConfigureAwait(false))
                        await settle(stopping).ConfigureAwait(false);
                    await ScanAsync(watcher.TakeTouched(), stopping).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    // Whatever it is, the watching continues.
                    PluginLog.ScanFailed(logger, ExceptionText.Describe(exception));
                }
            }
        }
    }

    /// <summary>If the last scan failed, what had been reported to it is lost, so everything is read.</summary>
    private async Task ScanAsync(IReadOnlySet<string>? touched, CancellationToken stopping)
    {
        var age = options.Clock.GetElapsedTime(_readAt);
        if (!_isComplete || age >= options.PollInterval * IntervalsBetweenReadings)
            touched = null;
        _isComplete = false;
        await scan(touched, stopping).ConfigureAwait(false);
        _isComplete = true;
        if (touched is null)
            _readAt = options.Clock.GetTimestamp();
    }
}
