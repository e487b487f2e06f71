using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Loading;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Versions;

/// <summary>
/// The versions that have been taken out, from then until they are gone from memory. Looks after each now and then, and says what
/// does not go. Nobody waits for it, and it never forces a garbage collection.
/// </summary>
internal sealed class RetiredVersions(FrameworkCaches caches, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>So many old versions of one plugin, besides the one that serves, and the operator is warned.</summary>
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

    /// <summary>Takes one in that is being taken out.</summary>
    public void Add(PluginVersion version)
    {
        version.Enter(PluginState.Draining);
        lock (_versions)
            _versions.Add(version);
    }

    /// <summary>Looks after one that has been let go, until it is gone from memory.</summary>
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

                // What was still under way when it was let go may have filled them again.
                if (age <= LastSingleAge)
                    caches.Clear();
                if (age >= DueAge && version.State != PluginState.Retired && version.IsHeld())
                    Report(version, age);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host ends, and with it the process or at least all interest.
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private static IEnumerable<int> Ages()
    {
        foreach (var age in _firstAges)
            yield return age;
        for (var age = LastSingleAge; ; age += LastSingleAge)
            yield return age;
    }

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
            // Several may be due at once: each counts those that were before it.
            version.Enter(PluginState.Retired);
            alive = [.. _versions
                .Where(other => other.State == PluginState.Retired && string.Equals(other.Id, version.Id, StringComparison.OrdinalIgnoreCase))
                .Select(other => other.Number)];
        }

        PluginLog.StillAlive(logger, version.Id, version.Number, age, string.Join("; ", version.Describe().StillHeld));
        if (alive.Count >= ManyVersions)
            PluginLog.ManyAlive(logger, alive.Count, version.Id, string.Join(", ", alive));
    }
}
