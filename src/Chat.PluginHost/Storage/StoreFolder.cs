using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Storage;

/// <summary>The stores of all plugins, a file each. Without a folder they are in memory and end with the host. Safe from any thread.</summary>
internal sealed class StoreFolder(string? folder, TimeProvider clock, ILogger logger)
{
    private readonly Dictionary<string, StoreFile> _files = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives one version of a plugin its way to the plugin's store. Nothing is read yet.</summary>
    /// <param name="plugin">The plugin's id; its versions share the store.</param>
    public PluginStore Open(string plugin)
    {
        lock (_files)
        {
            if (!_files.TryGetValue(plugin, out var file))
                _files.Add(plugin, file = new StoreFile(plugin, folder is null ? null : PathOf(folder, plugin), clock, logger));
            return new PluginStore(file);
        }
    }

    /// <summary>Ids are the same whatever their case; files are not everywhere.</summary>
    private static string PathOf(string folder, string plugin)
    {
        var name = StoreName.Of(plugin);
        var path = Path.Combine(folder, name);
        if (File.Exists(path) || !Directory.Exists(folder))
            return path;
        return Directory.EnumerateFiles(folder, name, new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive }).FirstOrDefault() ?? path;
    }
}
