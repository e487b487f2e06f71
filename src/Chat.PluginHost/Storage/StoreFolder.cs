namespace Chat.PluginHost.Storage;

/// <summary>The stores of all plugins, one file each; without a folder, in memory. Safe from any thread.</summary>
internal sealed class StoreFolder(string? folder, TimeProvider clock, ILogger logger)
{
    private readonly Dictionary<string, StoreFile> _files = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives one version of a plugin access to the plugin's store. Nothing is read yet.</summary>
    public PluginStore Open(string plugin)
    {
        lock (_files)
        {
            if (!_files.TryGetValue(plugin, out var file))
            {
                file = new StoreFile(plugin, folder is null ? null : PathOf(folder, plugin), clock, logger);
                _files.Add(plugin, file);
            }

            return new PluginStore(file);
        }
    }

    /// <summary>Ids are the same regardless of case; file names are not on every system.</summary>
    private static string PathOf(string folder, string plugin)
    {
        var name = StoreName.Of(plugin);
        var anyCase = new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive };
        var path = Path.Combine(folder, name);
        return File.Exists(path) || !Directory.Exists(folder) ? path
            : Directory.EnumerateFiles(folder, name, anyCase).FirstOrDefault() ?? path;
    }
}
