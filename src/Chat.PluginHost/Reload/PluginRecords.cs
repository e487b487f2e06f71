using Chat.PluginHost.Versions;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Reload;

/// <summary>The places of all plugins there are, by id, whatever its case. Safe from any thread; added to and removed from by one scan at a time.</summary>
internal sealed class PluginRecords
{
    /// <summary>So many of those that are gone; then it forgets them all.</summary>
    private const int MostRemembered = 1000;

    private readonly object _lock = new();
    private readonly Dictionary<string, PluginRecord> _slots = new(StringComparer.OrdinalIgnoreCase);

    // Of plugins that are gone: one that comes again goes on counting, so that a version is never mistaken for another of its number.
    private readonly Dictionary<string, int> _lastVersions = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_lock)
                return [.. _slots.Keys];
        }
    }

    /// <summary>The versions that serve.</summary>
    public IReadOnlyList<LoadedPlugin> Live
    {
        get
        {
            lock (_lock)
                return [.. _slots.Values.Select(slot => slot.Live).OfType<LoadedPlugin>()];
        }
    }

    /// <summary>The ids of which the last attempt failed, for people to read.</summary>
    public IReadOnlyList<string> NotLoaded
    {
        get
        {
            lock (_lock)
            {
                return [.. _slots.Where(pair => pair.Value.Problem is not null)
                    .Select(pair => pair.Value.IsQuarantined ? $"{pair.Key} (quarantined)" : pair.Key).Order(StringComparer.OrdinalIgnoreCase)];
            }
        }
    }

    /// <summary>The place of an id, made unless it is there.</summary>
    public PluginRecord Of(string id)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(id, out var slot))
                _slots.Add(id, slot = new PluginRecord { Versions = _lastVersions.TryGetValue(id, out var last) ? last : 0 });
            return slot;
        }
    }

    /// <summary>Takes a place away.</summary>
    /// <returns>What was there.</returns>
    public PluginRecord Remove(string id)
    {
        lock (_lock)
        {
            if (!_slots.Remove(id, out var slot))
                throw new InvalidOperationException($"There is no plugin {id}.");
            if (_lastVersions.Count >= MostRemembered)
                _lastVersions.Clear();
            _lastVersions[id] = slot.Versions;
            return slot;
        }
    }

    /// <summary>Whether some script is made of this file too.</summary>
    public bool AreMadeOf(string file)
    {
        lock (_lock)
            return _slots.Values.Any(slot => slot.DependsOn(file));
    }

    /// <summary>A cheap sign of change in any plugin.</summary>
    public string SignatureOf(IReadOnlyList<PluginSource> units)
    {
        lock (_lock)
            return string.Concat(units.Select(unit => _slots.TryGetValue(unit.Id, out var slot) ? slot.SignatureOf(unit) : unit.Signature([])));
    }
}
