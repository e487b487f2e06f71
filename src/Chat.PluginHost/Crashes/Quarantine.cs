namespace Chat.PluginHost.Crashes;

/// <summary>The versions of plugins that the process died in, with the reason. They are kept in a file, one
/// tab-separated line each. Such a version is not loaded again until its files change or an operator asks for it. Safe
/// from any thread.</summary>
internal sealed class Quarantine
{
    private readonly Lock _lock = new();
    private readonly string? _file;
    private readonly ILogger _logger;
    private readonly Dictionary<string, (string Content, string Reason)> _plugins =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the file.</summary>
    /// <param name="file">The file; <see langword="null"/> to remember only until the process ends.</param>
    /// <param name="logger">Takes a line if the file cannot be written: the list is then only remembered.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public Quarantine(string? file, ILogger logger)
    {
        (_file, _logger) = (file, logger);
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (line.Split('\t') is [var id, var content, var reason])
                _plugins[id] = (content, reason);
        }
    }

    public void Add(PluginFingerprint plugin, string reason)
    {
        lock (_lock)
        {
            _plugins[plugin.Id] = (plugin.Content, reason);
            Save();
        }
    }

    /// <summary>Why a version must not be loaded; <see langword="null"/> if it may be.</summary>
    public string? ReasonFor(PluginFingerprint plugin)
    {
        lock (_lock)
            return _plugins.TryGetValue(plugin.Id, out var held) && held.Content == plugin.Content ? held.Reason : null;
    }

    public void Release(string id)
    {
        lock (_lock)
        {
            if (_plugins.Remove(id))
                Save();
        }
    }

    private void Save()
    {
        var lines = _plugins.Select(pair => $"{pair.Key}\t{pair.Value.Content}\t{pair.Value.Reason}");
        if (_file is not null && AtomicFile.TryWriteLines(_file, lines) is { } problem)
            PluginLog.QuarantineNotKept(_logger, _file, problem);
    }
}
