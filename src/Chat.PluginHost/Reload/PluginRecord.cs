namespace Chat.PluginHost.Reload;

/// <summary>The record of one plugin id: the live version, and what the last attempt to load was made of.</summary>
internal sealed class PluginRecord
{
    private IReadOnlyList<string> _moreFiles = [];
    private string? _signature;
    private string? _hash;
    private string? _liveHash;
    private bool _isTriedWhenSaved;
    private LoadedPlugin? _live;

    /// <summary>The live version, if any. May be read from any thread.</summary>
    public LoadedPlugin? Live
    {
        get => Volatile.Read(ref _live);
        set
        {
            _liveHash = _hash;
            Volatile.Write(ref _live, value);
        }
    }

    /// <summary>Whether the last attempt's files differ from the live version's at most in the settings.</summary>
    public bool HasLiveCode => PluginSource.DifferAtMostInSettings(_hash, _liveHash);

    /// <summary>How many versions have been loaded.</summary>
    public int Versions { get; set; }

    /// <summary>Whether the last attempt failed because of another plugin, for example because both have the same
    /// command. It may work once the other one changes.</summary>
    public bool WaitsForOthers { get; set; }

    /// <summary>Whether it was not even tried, because the process died in it or is to start without plugins.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>Why the last attempt failed; <see langword="null"/> if it did not.</summary>
    public string? Problem { get; set; }

    /// <summary>For how many looks in a row its files could not be read.</summary>
    public int Unreadable { get; set; }

    /// <summary>What a crash journal knows a version by: its own files, not those it refers to elsewhere.</summary>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public static PluginFingerprint FingerprintOf(PluginSource source) => new(source.Id, source.ContentHash([]));

    /// <summary>A cheap sign of change of everything the plugin is made of.</summary>
    public string SignatureOf(PluginSource source) => source.Signature(_moreFiles);

    /// <summary>Whether the plugin differs from what was tried last; if so, remembers it as tried. Only content counts.
    /// A file is read if it looks different or is among those touched.</summary>
    /// <param name="source">The plugin as it is in its folder now.</param>
    /// <param name="touched">The paths that the system has reported as changed, even if size and time are the same;
    /// <see langword="null"/> to read everything.</param>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public bool HasChanged(PluginSource source, IReadOnlySet<string>? touched = null)
    {
        var signature = SignatureOf(source);
        var isSaved = signature != _signature;
        if (!isSaved && touched is not null && !source.IsTouched(_moreFiles, touched))
            return false;
        var hash = source.ContentHash(_moreFiles);
        if (SignatureOf(source) != signature)
            throw new IOException("it is being written.");
        _signature = signature;
        if (hash == _hash && !(isSaved && _isTriedWhenSaved))
            return false;
        _hash = hash;
        _isTriedWhenSaved = false;
        return true;
    }

    /// <summary>Records files outside the plugin that it depends on too.</summary>
    public void AlsoDependsOn(PluginSource source, IEnumerable<string> files)
    {
        var isUnchanged = SignatureOf(source) == _signature;
        _moreFiles = [.. files.Order(StringComparer.Ordinal)];
        if (!isUnchanged)
        {
            // Saved while it was being read: what was tried may be the old content or the new.
            Forget();
            return;
        }

        _signature = SignatureOf(source);
        _hash = source.ContentHash(_moreFiles);
    }

    public bool DependsOn(string file) => _moreFiles.Contains(file);

    /// <summary>Makes the next save try again, even if it does not change the content.</summary>
    public void TryWhenSaved() => _isTriedWhenSaved = true;

    /// <summary>Makes the next look try again.</summary>
    public void Forget() => _signature = _hash = null;
}
