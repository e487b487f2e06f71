namespace Chat.PluginHost.Watching;

/// <summary>Says when to look at the folders again: after the system has reported changes and then been quiet for a
/// while, and at regular intervals in any case, because some file systems report nothing.</summary>
internal sealed class PluginWatcher : IDisposable
{
    /// <summary>If more paths than this are reported between two looks, everything counts as touched.</summary>
    private const int MaxTouched = 1000;

    private readonly TimeSpan _quietTime, _pollInterval;
    private readonly TimeProvider _clock;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly List<(string Folder, string Problem)> _unwatched = [];
    private readonly Lock _lock = new();
    private HashSet<string>? _touched = [];
    private TaskCompletionSource _changed = NewSignal();

    public PluginWatcher(IEnumerable<string> folders, TimeSpan quietTime, TimeSpan pollInterval, TimeProvider clock)
    {
        (_quietTime, _pollInterval, _clock) = (quietTime, pollInterval, clock);
        foreach (var folder in folders)
            Watch(Path.GetFullPath(folder));
    }

    /// <summary>The folders that the system does not watch, each with the reason.</summary>
    public IReadOnlyList<(string Folder, string Problem)> Unwatched => _unwatched;

    /// <summary>Waits until it is time to look: after the poll interval even at a folder that is never quiet.</summary>
    /// <param name="isUnsettled">Whether the last look found something half written; the next look is then due after
    /// the quiet time.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether the system has reported a change and the folders have been quiet since. If not, it is just time
    /// to look.</returns>
    public async Task<bool> WaitAsync(bool isUnsettled, CancellationToken cancellationToken)
    {
        var quietTime = _quietTime < _pollInterval ? _quietTime : _pollInterval;
        var patience = isUnsettled ? quietTime : _pollInterval;
        var changed = await WaitForChangeAsync(patience, cancellationToken).ConfigureAwait(false);
        if (!changed)
            return false;

        // Something that writes without end must not postpone everything else forever.
        var began = _clock.GetTimestamp();
        while (changed && _clock.GetElapsedTime(began) < _pollInterval)
            changed = await WaitForChangeAsync(quietTime, cancellationToken).ConfigureAwait(false);
        return !changed;
    }

    /// <summary>The paths that the system has reported since the last call. Safe from any thread.</summary>
    /// <returns>Absolute paths; <see langword="null"/> if some may be missing, so that anything may have
    /// changed.</returns>
    public IReadOnlySet<string>? TakeTouched()
    {
        lock (_lock)
        {
            var touched = _touched;
            _touched = [];
            return touched;
        }
    }

    public void Dispose()
    {
        foreach (var watcher in _watchers)
            watcher.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> WaitForChangeAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var changed = Volatile.Read(ref _changed);
        try
        {
            await changed.Task.WaitAsync(atMost, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }

        // Whatever is reported from now on is a new change.
        Interlocked.CompareExchange(ref _changed, NewSignal(), changed);
        return true;
    }

    private void Watch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            watcher.Changed += (_, change) => Touch(change.FullPath);
            watcher.Created += (_, change) => Touch(change.FullPath);
            watcher.Deleted += (_, change) => Touch(change.FullPath);
            watcher.Renamed += (_, change) => Touch(change.OldFullPath, change.FullPath);
            watcher.Error += (_, _) => Touch();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception exception)
            when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // A limit of the system or a missing folder: looking at regular intervals finds the changes.
            _unwatched.Add((folder, exception.Message));
        }
    }

    /// <param name="paths">What has changed; empty if the system does not know.</param>
    private void Touch(params ReadOnlySpan<string> paths)
    {
        lock (_lock)
        {
            if (paths.IsEmpty || _touched is { Count: > MaxTouched })
                _touched = null;
            foreach (var path in paths)
                _touched?.Add(path);
        }

        Volatile.Read(ref _changed).TrySetResult();
    }
}
