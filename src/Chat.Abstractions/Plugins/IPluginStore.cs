namespace Chat.Plugins;

/// <summary>A few texts by name that outlive the plugin and the server. Safe from any thread.</summary>
public interface IPluginStore
{
    /// <summary>One text.</summary>
    /// <param name="key">Its name, 1 to 128 characters; case matters.</param>
    /// <returns>The text; <see langword="null"/> when there is none.</returns>
    string? Get(string key);

    /// <summary>Keeps a text, or forgets it. On disk when this returns; after a failure what was kept before still is.</summary>
    /// <param name="key">Its name, 1 to 128 characters; case matters.</param>
    /// <param name="value">The text; <see langword="null"/> to forget it. All texts of a plugin together have at most 1 MiB.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, or the plugin's texts would be too large.</exception>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full.</exception>
    /// <exception cref="ObjectDisposedException">This version of the plugin has been removed: the next one writes now.</exception>
    void Set(string key, string? value);
}
