using Chat.PluginHost.Crashes;
using Chat.PluginHost.Versions;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Reload;

/// <summary>The place of one plugin id: which version is live, and what the last attempt to load it was made of.</summary>
internal sealed class PluginRecord
{
    private IReadOnlyList<string> _moreFiles = [];
    private string? _signature;
    private string? _hash;
    private string? _liveHash;
    private LoadedPlugin? _live;

    /// <summary>The version that serves, if any. May be read from any thread.</summary>
    public LoadedPlugin? Live
    {
        get => Volatile.Read(ref _live);
        set
        {
            _liveHash = _hash;
            Volatile.Write(ref _live, value);
        }
    }

    /// <summary>Whether what has been tried last differs from what is live in its settings at most.</summary>
    public bool HasLiveCode => PluginSource.DifferAtMostInSettings(_hash, _liveHash);

    /// <summary>How many versions have been loaded.</summary>
    public int Versions { get; set; }

    /// <summary>Whether the last attempt failed for what another plugin has, a command say: it may work once that one changes.</summary>
    public bool WaitsForOthers { get; set; }

    /// <summary>Whether it was not even tried, as the process died in it or is to start without plugins.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>Why the last attempt failed; <see langword="null"/> when it did not.</summary>
    public string? Problem { get; set; }

    /// <summary>What a crash journal knows a version by: its files in the plugin folder, not those it refers to elsewhere.</summary>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public static PluginFingerprint FingerprintOf(PluginSource source) => new(source.Id, source.ContentHash([]));

    /// <summary>A cheap sign of change of all that the plugin is made of.</summary>
    public string SignatureOf(PluginSource unit) => unit.Signature(_moreFiles);

    /// <summary>Whether the plugin differs from what was last tried; remembers it as tried.</summary>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public bool HasChanged(PluginSource unit)
    {
        var signature = unit.Signature(_moreFiles);
        if (signature == _signature)
            return false;
        var hash = unit.ContentHash(_moreFiles);
        if (unit.Signature(_moreFiles) != signature)
            throw new IOException("it is being written.");
        _signature = signature;
        if (hash == _hash)
            return false;
        _hash = hash;
        return true;
    }

    /// <summary>Takes note of files outside the unit that it is made of too.</summary>
    public void AlsoDependsOn(PluginSource unit, IEnumerable<string> files)
    {
        var isUnchanged = unit.Signature(_moreFiles) == _signature;
        _moreFiles = [.. files.Order(StringComparer.Ordinal)];
        if (!isUnchanged)
        {
            // Saved while it was being read: what has been tried may be the old or the new.
            Forget();
            return;
        }

        _signature = unit.Signature(_moreFiles);
        _hash = unit.ContentHash(_moreFiles);
    }

    /// <summary>Whether the plugin is made of this file too.</summary>
    public bool DependsOn(string file) => _moreFiles.Contains(file);

    /// <summary>Makes the next save try again, even if it changes nothing.</summary>
    public void TryWhenSaved() => _hash = null;

    /// <summary>For how many looks in a row its files could not be read.</summary>
    public int Unreadable { get; set; }

    /// <summary>Makes the next look try again.</summary>
    public void Forget() => _signature = _hash = null;
}
