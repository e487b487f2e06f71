namespace Chat.PluginHost.Versions;

/// <summary>The state of one version of a plugin.</summary>
public enum PluginState
{
    /// <summary>It is live.</summary>
    Active,

    /// <summary>Removed: no new message enters it, and those inside it leave.</summary>
    Draining,

    /// <summary>Stopped and released. The runtime frees its memory when it next collects all garbage, unless something
    /// still uses it.</summary>
    Unloading,

    /// <summary>Gone from memory.</summary>
    Unloaded,

    /// <summary>Removed and released, but still in memory because something holds it. As far as the host can ensure, it
    /// does nothing any more.</summary>
    Retired,
}
