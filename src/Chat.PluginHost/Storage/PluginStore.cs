using Chat.Plugins;

namespace Chat.PluginHost.Storage;

/// <summary>One version's way to its plugin's store. Taken back when the version has been removed.</summary>
internal sealed class PluginStore(StoreFile file) : IPluginStore
{
    private volatile bool _isRevoked;

    /// <inheritdoc/>
    public string? Get(string key)
    {
        ThrowIfRevoked();
        return file.Get(key);
    }

    /// <inheritdoc/>
    public void Set(string key, string? value) => file.Set(key, value, this);

    /// <summary>Says that this version is the one that serves now.</summary>
    public void GoLive() => file.Newest = this;

    /// <summary>Takes the store back if another version serves in this one's place: that one writes now. Else the last of cleaning up may still be written.</summary>
    public void Leave()
    {
        if (file.Newest != this)
            _isRevoked = true;
    }

    /// <summary>Takes the store back.</summary>
    public void Revoke()
    {
        _isRevoked = true;
        file.Forget();
    }

    /// <exception cref="ObjectDisposedException">The store has been taken back.</exception>
    public void ThrowIfRevoked()
    {
        if (_isRevoked)
            throw new ObjectDisposedException(null, "This version of the plugin has been removed, and its store is closed. Keep a text when it changes, not when the plugin ends.");
    }
}
