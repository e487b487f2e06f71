namespace Chat.Plugins;

/// <summary>A few texts by name that outlive the plugin and the server. Safe from any thread.</summary>
/// <remarks>All versions of a plugin share them. One that has been replaced can no longer read or write them once its last line has left it.</remarks>
public interface IPluginStore
{
    /// <summary>One text.</summary>
    /// <param name="key">Its name, 1 to 128 characters; case matters.</param>
    /// <returns>The text; <see langword="null"/> when there is none.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="IOException">What was kept cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">This version of the plugin has been removed.</exception>
    string? Get(string key);

    /// <summary>Keeps a text, or forgets it. On disk when this returns; after a failure what was kept before still is.</summary>
    /// <param name="key">Its name, 1 to 128 characters; case matters.</param>
    /// <param name="value">The text; <see langword="null"/> to forget it. All texts of a plugin with their names have at most 1 MiB, in UTF-8.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, the plugin's texts would be too large, or one has half a character in it.</exception>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full.</exception>
    /// <exception cref="ObjectDisposedException">This version of the plugin has been removed: the next one writes now.</exception>
    void Set(string key, string? value);
}
