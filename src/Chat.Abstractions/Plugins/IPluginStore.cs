namespace Chat.Plugins;

/// <summary>Stores texts by name; they survive the plugin and the server. Safe from any thread.</summary>
/// <remarks>All versions of a plugin share the texts. A replaced version can no longer read or write them once its last
/// line has left it.</remarks>
public interface IPluginStore
{
    /// <summary>Returns a stored text.</summary>
    /// <param name="key">The name, 1 to 128 characters; case-sensitive.</param>
    /// <returns>The text; <see langword="null"/> if there is none.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="IOException">The stored texts cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">This version of the plugin has been removed.</exception>
    string? Get(string key);

    /// <summary>Stores or deletes a text. The change is on disk when this method returns; if it fails, the stored texts
    /// are unchanged.</summary>
    /// <param name="key">The name, 1 to 128 characters; case-sensitive.</param>
    /// <param name="value">The text; <see langword="null"/> to delete it. All texts of a plugin, with their names, take
    /// at most 1 MiB in UTF-8.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, the plugin's texts would be too large, or a
    /// text contains an unpaired surrogate.</exception>
    /// <exception cref="IOException">The text cannot be written, for example because the disk is full.</exception>
    /// <exception cref="ObjectDisposedException">This version of the plugin has been removed; only its successor may
    /// write.</exception>
    void Set(string key, string? value);
}
