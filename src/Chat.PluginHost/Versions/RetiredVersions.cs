namespace Chat.PluginHost.Versions;

/// <summary>The versions that have been removed, until they are gone from memory. Checks each at intervals and reports
/// those that stay. Nothing waits for it, and it never forces a garbage collection.</summary>
internal sealed class RetiredVersions(FrameworkCaches caches, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>From this many old versions of one plugin on, besides the live one, the operator is warned.</summary>
    private const int ManyVersions = 3;

    /// <summary>By what age a version should be gone, in seconds.</summary>
    private const int DueAge = 10;

    private const int LastSingleAge = 30;

    private static readonly int[] _firstAges = [1, 2, 5, DueAge];

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PluginVersion> _versions = [];

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyList<PluginVersion> All
    {
        get
        {
            lock (_versions)
                return [.. _versions];
        }
    }

    /// <summary>Adds one that is being removed.</summary>
    public void Add(PluginVersion version)
    {
        version.Enter(PluginState.Draining);
        lock (_versions)
            _versions.Add(version);
    }

    /// <summary>Watches one that has been released, until it is gone from memory.</summary>
    public async Task WatchAsync(PluginVersion version)
    {
        var stopping = _stopping.Token;
        caches.Clear();
        try
        {
            var age = 0;
            foreach (var next in Ages())
            {
                await Task.Delay(TimeSpan.FromSeconds(next - age), clock, stopping).ConfigureAwait(false);
                age = next;
                if (version.IsGone())
                {
                    Forget(version);
                    return;
                }

                // Calls that were still under way when it was released may have filled them again.
                if (age <= LastSingleAge)
                    caches.Clear();
                if (age >= DueAge && version.State != PluginState.Retired && version.IsHeld())
                    Report(version, age);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host has ended, and nobody needs to know any more.
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private static IEnumerable<int> Ages() =>
        _firstAges.Concat(Enumerable.InfiniteSequence(LastSingleAge, LastSingleAge));

    private void Forget(PluginVersion version)
    {
        if (version.State == PluginState.Retired)
            PluginLog.GoneAfterAll(logger, version.Id, version.Number);
        version.Enter(PluginState.Unloaded);
        lock (_versions)
            _versions.Remove(version);
    }

    private void Report(PluginVersion version, int age)
    {
        List<int> alive;
        lock (_versions)
        {
            // Several may be due at once: each counts those before it.
            version.Enter(PluginState.Retired);
            alive = [.. _versions
                .Where(other => other.State == PluginState.Retired)
                .Where(other => string.Equals(other.Id, version.Id, StringComparison.OrdinalIgnoreCase))
                .Select(other => other.Number)];
        }

        PluginLog.StillAlive(logger, version.Id, version.Number, age, string.Join("; ", version.Describe().StillHeld));
        if (alive.Count >= ManyVersions)
            PluginLog.ManyAlive(logger, alive.Count, version.Id, string.Join(", ", alive));
    }
}
