namespace Chat.PluginHost.Storage;

/// <summary>One version's access to its plugin's store. Revoked when the version has been removed.</summary>
internal sealed class PluginStore(StoreFile file) : IPluginStore
{
    private volatile bool _isRevoked;

    public string? Get(string key)
    {
        ThrowIfRevoked();
        return file.Get(key);
    }

    public void Set(string key, string? value) => file.Set(key, value, this);

    /// <summary>Marks this version as the live one.</summary>
    public void GoLive() => file.Newest = this;

    /// <summary>Revokes the access if another version has replaced this one, because that one writes now. If not,
    /// cleaning up may still write.</summary>
    public void Leave()
    {
        if (file.Newest != this)
            _isRevoked = true;
    }

    public void Revoke()
    {
        _isRevoked = true;
        file.Forget();
    }

    /// <exception cref="ObjectDisposedException">The access has been revoked.</exception>
    public void ThrowIfRevoked()
    {
        if (_isRevoked)
        {
            throw new ObjectDisposedException(
                null,
                "This version of the plugin has been removed, and its store is closed. "
                + "Keep a text when it changes, not when the plugin ends.");
        }
    }
}
