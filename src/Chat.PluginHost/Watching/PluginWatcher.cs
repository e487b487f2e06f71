namespace Chat.PluginHost.Watching;

/// <summary>
/// Says when to look at the folders again: after the system has reported changes and then been quiet for a while, and every now
/// and then in any case, as some file systems report nothing.
/// </summary>
internal sealed class PluginWatcher : IDisposable
{
    private readonly TimeSpan _quietTime;
    private readonly TimeSpan _pollInterval;
    private readonly TimeProvider _clock;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly List<(string Folder, string Problem)> _unwatched = [];
    private TaskCompletionSource _changed = NewSignal();

    public PluginWatcher(IEnumerable<string> folders, TimeSpan quietTime, TimeSpan pollInterval, TimeProvider clock)
    {
        _quietTime = quietTime;
        _pollInterval = pollInterval;
        _clock = clock;
        foreach (var folder in folders)
            Watch(folder);
    }

    /// <summary>The folders that the system does not watch for us, with why.</summary>
    public IReadOnlyList<(string Folder, string Problem)> Unwatched => _unwatched;

    /// <summary>Waits until it is time to look; a folder that is never quiet is looked at after the poll interval all the same.</summary>
    /// <param name="isUnsettled">Whether the last look has found something half done: the next one is then due once it may be done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the system has reported a change, and the folders have been quiet since. If not, it is just time to look.</returns>
    public async Task<bool> WaitAsync(bool isUnsettled, CancellationToken cancellationToken)
    {
        var quietTime = _quietTime < _pollInterval ? _quietTime : _pollInterval;
        var changed = await WaitForChangeAsync(isUnsettled ? quietTime : _pollInterval, cancellationToken).ConfigureAwait(false);
        if (!changed)
            return false;

        // Something that writes without end must not put everything else off for ever.
        var began = _clock.GetTimestamp();
        while (changed && _clock.GetElapsedTime(began) < _pollInterval)
            changed = await WaitForChangeAsync(quietTime, cancellationToken).ConfigureAwait(false);
        return !changed;
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

        // What comes from here on is a new change.
        Interlocked.CompareExchange(ref _changed, NewSignal(), changed);
        return true;
    }

    private void Watch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            watcher.Changed += (_, _) => Volatile.Read(ref _changed).TrySetResult();
            watcher.Created += (_, _) => Volatile.Read(ref _changed).TrySetResult();
            watcher.Deleted += (_, _) => Volatile.Read(ref _changed).TrySetResult();
            watcher.Renamed += (_, _) => Volatile.Read(ref _changed).TrySetResult();
            watcher.Error += (_, _) => Volatile.Read(ref _changed).TrySetResult();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // A limit of the system, a missing folder: the regular look finds changes.
            _unwatched.Add((folder, exception.Message));
        }
    }
}
