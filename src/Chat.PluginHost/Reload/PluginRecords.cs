namespace Chat.PluginHost.Reload;

/// <summary>The records of all plugins, by id. Safe from any thread; one scan at a time adds and removes.</summary>
internal sealed class PluginRecords
{
    /// <summary>How many removed plugins are remembered before all of them are forgotten.</summary>
    private const int MaxRemembered = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PluginRecord> _records = new(StringComparer.OrdinalIgnoreCase);

    // Of removed plugins: one that returns continues counting, so that a version is never mistaken for an earlier one
    // of its number.
    private readonly Dictionary<string, int> _lastVersions = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Ids => [.. All().Select(pair => pair.Key)];
    public IReadOnlyList<LoadedPlugin> Live => [.. All().Select(pair => pair.Value.Live).OfType<LoadedPlugin>()];

    /// <summary>The ids of the plugins whose last attempt to load failed, for people to read.</summary>
    public IReadOnlyList<string> NotLoaded =>
        [.. All().Where(pair => pair.Value.Problem is not null)
            .Select(pair => pair.Value.IsQuarantined ? $"{pair.Key} (quarantined)" : pair.Key)
            .Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The record of an id, created if there is none.</summary>
    public PluginRecord Of(string id)
    {
        lock (_lock)
        {
            if (!_records.TryGetValue(id, out var record))
                _records.Add(id, record = new PluginRecord { Versions = _lastVersions.GetValueOrDefault(id) });
            return record;
        }
    }

    /// <summary>Removes a record.</summary>
    /// <returns>The record.</returns>
    public PluginRecord Remove(string id)
    {
        lock (_lock)
        {
            if (!_records.Remove(id, out var record))
                throw new InvalidOperationException($"There is no plugin {id}.");
            if (_lastVersions.Count >= MaxRemembered)
                _lastVersions.Clear();
            _lastVersions[id] = record.Versions;
            return record;
        }
    }

    /// <summary>Whether some script depends on this file.</summary>
    public bool AreMadeOf(string file) => All().Any(pair => pair.Value.DependsOn(file));

    /// <summary>A cheap sign of change in any plugin.</summary>
    public string SignatureOf(IReadOnlyList<PluginSource> sources)
    {
        lock (_lock)
        {
            return string.Concat(sources.Select(source =>
                _records.TryGetValue(source.Id, out var record) ? record.SignatureOf(source) : source.Signature([])));
        }
    }

    private List<KeyValuePair<string, PluginRecord>> All()
    {
        lock (_lock)
            return [.. _records];
    }
}
